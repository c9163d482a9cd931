"""The report of a sweep: what its axes do to what is measured. `python -m analysis.sweep SWEEP`."""
