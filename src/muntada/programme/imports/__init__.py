"""Import of programmes and session requests from files."""
