"""The opinion map: drawn, weighed, shown, given out as open data."""
