"""One question per file, asked of recordings, blind to who made them: mice, networks or agents."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
