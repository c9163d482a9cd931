"""Sessions as NWB files: one file for each animal, with a shared session id and clock."""
