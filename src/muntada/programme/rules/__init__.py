"""The law of the programme, by what it is about. Pure functions."""
