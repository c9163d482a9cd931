"""Systems of any kind side by side: model mice, agents, recorded experiments, session totals. Only what both hold is compared."""
