"""What acting on trained pairs did: silencing, ablation, swaps of pathways, shadows."""
