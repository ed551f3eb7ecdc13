"""Partners sought and offered, and letters of introduction."""
