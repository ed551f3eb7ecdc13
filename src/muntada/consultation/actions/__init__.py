"""Everything that changes the consultation, by what it changes."""
