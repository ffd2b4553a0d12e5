"""Forms of the awards, by the desk where they are filled."""
