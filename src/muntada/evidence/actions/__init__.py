"""Everything that changes the evidence, by what it changes."""
