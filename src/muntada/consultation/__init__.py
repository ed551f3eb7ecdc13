"""Stage 2: calls, contributions, statements, votes, themes, replies, the opinion map."""
