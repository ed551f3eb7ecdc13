"""What keeps a command from running, as opposed to what a rule refuses (`errors`)."""


class CannotRun(Exception):
    """A command cannot do what was asked; the sentence says what to do."""
