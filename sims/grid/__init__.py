"""Pairs of agents on the grid: built, trained, recorded, each in a process of its own or many at once on a graphics card."""
