"""Measured side by side: what printing costs here, and what it costs by the usual ways."""
