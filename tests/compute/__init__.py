"""Compiled code and its version."""
