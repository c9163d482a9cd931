"""Brains in worlds: the closed loop, the schedule, cohorts of pairs, checkpoints, and `python -m sims.run`."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
