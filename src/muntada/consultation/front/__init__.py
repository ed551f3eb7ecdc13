"""The front page of the consultation, the page of a call and of a contribution, and the public list."""
