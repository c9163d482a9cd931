"""Functional groups: found, described, tested."""
