"""Figures of cells."""
