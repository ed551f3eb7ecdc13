"""Persons, organisations, affiliations, who speaks for whom, signing in, roles. Everybody who acts comes in here."""
