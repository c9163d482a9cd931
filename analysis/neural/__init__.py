"""What cells carry: tuning, decoding, functional groups, shared space. Each takes activity, and knows nothing of who made it."""
