"""Session reports: a summary, and points by kind and line."""
