"""Who is heard and who is missing, and what it is compared with."""
