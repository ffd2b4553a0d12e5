"""Real programs on the rows and files of one test."""

from tests.site import report, server, surroundings

__all__ = ["report", "server", "surroundings"]
