"""The two systems, mice and agents of the grid, side by side."""
