"""The law of the consultation, by what it is about. Pure functions."""
