"""The facts of papers, read from records: what the dataclasses of `documents` are filled with."""
