"""The front page of the consultation, the pages of a call and a contribution, and the public list."""
