"""The mouse's brain: an ACC rate network of four cell classes, its readout and its local plasticity. It knows no task."""
