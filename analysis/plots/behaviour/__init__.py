"""Figures of behaviour."""
