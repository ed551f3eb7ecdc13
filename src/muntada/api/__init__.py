"""The public JSON API, one file per stage."""
