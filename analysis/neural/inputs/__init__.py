"""What estimates about cells take: activity, signals, frames of behaviour, stages of training."""
