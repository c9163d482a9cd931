"""Speed of the spiking brain against named peers and against the machine's own limits: `python -m benchmarks.spiking`.

Which noise a figure is with is part of its name: drawn by the simulator itself, read from a tape of normal numbers, or none.
"""
