"""The opinion map: computation, weights, pages, open data."""
