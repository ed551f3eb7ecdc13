"""Persons, organisations, affiliations, signing in, roles. Everybody who acts comes in here."""
