"""What came out of a session, as data: a summary, and points by kind and line."""
