"""Facilitators' returns: drafts, published versions, road map."""
