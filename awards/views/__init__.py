"""Pages: find among the visible, ask the domain, answer."""
