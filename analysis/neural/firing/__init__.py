"""How the cells of a network fire: rates, irregularity of intervals, variability and correlation of counts, from spikes."""
