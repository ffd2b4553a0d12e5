"""What the office would sign, measured: the printed page, its archive, its editable twin."""
