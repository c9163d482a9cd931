"""The closed loop, the only place of the mice's side where time passes: brains in the chamber, light on them, shadows beside them."""
