"""Merging two things by consent of both authors: what is the same in all stages."""
