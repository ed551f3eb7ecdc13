"""Persons, organizations, affiliations, sign-in and roles."""
