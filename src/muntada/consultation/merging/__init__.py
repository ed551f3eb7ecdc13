"""Merging two contributions by consent of both authors."""
