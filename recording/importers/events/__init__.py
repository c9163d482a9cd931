"""Events of a session, from the files of behaviour boxes and of people who scored videos."""
