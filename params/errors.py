"""The one error a user's mistake raises: a single line that names the key, the value and what is allowed."""


class UserError(Exception):
    """A mistake in what the user gave (parameters, files, arguments); command lines print it as one line and exit with code 2."""


class ParameterError(UserError):
    """A parameter that is misspelt, out of range, in the wrong unit or off the time grid."""
