"""Mice and agents side by side."""
