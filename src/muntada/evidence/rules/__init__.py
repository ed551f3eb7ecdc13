"""The law of the evidence, by what it is about. Pure functions."""
