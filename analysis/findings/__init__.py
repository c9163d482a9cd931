"""The study's findings, each with its claim, its rule and its verdict."""
