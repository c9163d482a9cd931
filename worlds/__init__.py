"""Where brains act: the chamber of the mice."""
