"""What a run keeps on disk beside its recordings: manifest, lock, states, tables."""
