"""Reviews of session requests."""
