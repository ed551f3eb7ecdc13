"""Statements: moderation, voters, votes, and the voting pages."""
