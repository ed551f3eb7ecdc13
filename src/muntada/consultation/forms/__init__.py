"""What people fill in, by what it becomes."""
