"""What can be read from cells of the partner and of the outcome."""
