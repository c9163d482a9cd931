"""From a run to a page, a table and figures: `python -m analysis.report RUN`, whatever kind of run it is."""
