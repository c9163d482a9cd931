"""A stretch of a session as people watch it, in the report's replay and in a movie."""
