"""The artificial brain: two recurrent networks that learn the grid task by reinforcement, in JAX."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
