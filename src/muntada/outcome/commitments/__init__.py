"""What is undertaken on a paragraph, and reports on how it stands."""
