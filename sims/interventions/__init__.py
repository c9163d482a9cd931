"""What is done to trained pairs: silencing by dose, swaps of pathways; ablation has a folder of its own."""
