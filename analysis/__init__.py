"""One question per file, asked of recordings, blind to who made them: mice, networks or agents."""
