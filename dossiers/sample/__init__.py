"""The sample of a rehearsal: an invented agency, and work at every stage of both routes."""

from dossiers.sample.story import load

__all__ = ["load"]
