"""Questions about records at a moment: "" or the Vietnamese reason; nothing is written here."""
