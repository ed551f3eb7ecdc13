"""Reasons a command cannot run; refusals by rules are in `errors`."""


class CannotRun(Exception):
    """A command cannot do what was asked; the sentence says what to do."""
