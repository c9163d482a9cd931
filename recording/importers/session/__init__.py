"""A session out of a laboratory's files: the specification of what they do not say, and the assembly of one recording."""
