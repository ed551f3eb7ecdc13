"""The doors to the engines, one for each."""
