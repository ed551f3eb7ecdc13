"""The record of a forum: symbols, citations, the log of all actions, receipts. Every stage writes to it."""
