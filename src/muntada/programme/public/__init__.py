"""Public programme pages, and my programme."""
