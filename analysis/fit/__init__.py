"""Likelihood-free fit of parameters of the model to the summary statistics of an experiment."""
