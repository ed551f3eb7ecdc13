"""Countries and groups of them, and who belongs to which group in which year."""
