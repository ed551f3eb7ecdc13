"""The front page of the evidence."""
