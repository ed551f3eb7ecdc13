"""Questions to the evidence, by what they are about."""
