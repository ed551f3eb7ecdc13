"""Merging two session requests by consent."""
