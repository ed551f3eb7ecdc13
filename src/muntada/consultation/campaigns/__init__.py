"""The same text sent by many, brought together."""
