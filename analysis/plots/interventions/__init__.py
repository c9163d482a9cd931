"""Figures of silencing, ablation, pathways and shadows."""
