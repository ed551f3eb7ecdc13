"""Statements put to the vote: moderation, voters, votes, and the pages on which one votes."""
