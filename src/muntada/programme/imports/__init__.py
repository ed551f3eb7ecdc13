"""Programmes and requests from files of others."""
