"""What the files of a session do not say: the specification that tells it, what it lacks, and a draft of it."""
