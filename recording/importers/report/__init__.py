"""The report of an import: what was found, filled, left out and fitted, as a page and as JSON."""
