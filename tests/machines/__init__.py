"""Machines as people have them: what a run must survive, fault by fault."""
