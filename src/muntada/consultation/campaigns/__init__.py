"""Campaigns: the same text sent by several people."""
