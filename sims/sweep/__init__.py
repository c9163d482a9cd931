"""Parameter sweeps: many points, each a run of its own, on a laptop's cores or on a cluster."""
