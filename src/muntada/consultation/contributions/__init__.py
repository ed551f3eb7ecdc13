"""What people write: drafts, files, versions; contributions that came by letter or in a table."""
