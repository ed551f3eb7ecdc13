"""Returns of facilitators: saved at every pause, published in versions; next steps towards a road map."""
