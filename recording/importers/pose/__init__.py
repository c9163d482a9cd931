"""Positions of body points, from the files of pose trackers."""
