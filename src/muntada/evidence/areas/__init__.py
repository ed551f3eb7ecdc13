"""Countries and groups of countries, with memberships by year."""
