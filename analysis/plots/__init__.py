"""Figures that a paper could print: one file per figure, each a function from a cohort to a matplotlib Figure.

Importing this package imports matplotlib. So it is imported where something is drawn, inside functions, and nowhere else.
"""

from analysis.plots.sheltered import import_matplotlib

import_matplotlib()
