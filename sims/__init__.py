"""Brains in worlds: the closed loop, the schedule, cohorts of pairs, checkpoints, and `python -m sims.run`."""
