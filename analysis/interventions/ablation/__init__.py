"""What ablation takes away, of mice and of agents."""
