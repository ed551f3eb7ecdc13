"""Questions to the consultation, by what they are about."""
