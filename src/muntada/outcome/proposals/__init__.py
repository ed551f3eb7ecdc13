"""Text proposals of parties, and decisions on them."""
