"""Sweeps on a cluster: submissions, its scheduler, and what a task there does."""
