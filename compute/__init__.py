"""What computing needs of a machine: compiled kernels, folders for what was compiled, and how many cores one may use. Knows no science."""

import acc_cooperation  # noqa: F401  refuses a file of the user's that hides a package of the project
