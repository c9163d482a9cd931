"""Which cells are tuned to what."""
