"""Activity of cells, from calcium imaging and sorted spikes."""
