"""Pairs of mice: built, trained, recorded, saved."""
