"""Tests of the stretch of a session that people watch."""
