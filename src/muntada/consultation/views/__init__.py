"""The pages of the consultation, by what they show."""
