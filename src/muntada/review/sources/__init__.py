"""What facilitators work from: their lines, and what a text can cite."""
