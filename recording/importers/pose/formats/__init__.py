"""Readers of the files of trackers, one format a file."""
