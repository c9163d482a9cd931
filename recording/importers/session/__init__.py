"""A session out of a laboratory's files: tracks, clocks, events and cells of one recording, and the directory that it is added to."""
