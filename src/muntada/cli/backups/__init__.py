"""Backups of an installation: the database, the files and the key in one file that can be checked."""
