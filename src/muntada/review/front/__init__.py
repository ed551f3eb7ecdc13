"""The front page of the review: the coverage matrix, the findings behind it, the returns."""
