"""The front page of the outcome, and the page of a paragraph."""
