"""Sheets of session totals, for laboratories that kept nothing else: what a row is, how it is read, a draft of what must be told."""
