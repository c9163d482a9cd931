"""Do animals wait for each other? Releases, openings, holds, and the curve of pokes over the partner's distance."""
