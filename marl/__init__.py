"""The artificial brain: two recurrent networks that learn the grid task by reinforcement, in JAX."""
