"""What two brains share."""
