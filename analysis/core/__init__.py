"""What every analysis starts from: a run, its units, the task's rule, nulls and intervals."""
