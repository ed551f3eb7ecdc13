"""The front page of the review: coverage matrix, findings, returns."""
