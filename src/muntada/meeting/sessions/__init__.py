"""A session as it is held: found, logged, and heard of by the pages that listen."""
