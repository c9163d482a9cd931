"""Clocks: counters that wrap, pulses of two clocks, the fit of one to the other, frames, and traces brought from one to another."""
