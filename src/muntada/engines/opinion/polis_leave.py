"""What a reader may pass over, and what it has to say about it."""

from muntada.engines.tables import TableFault


class Leave:
    """Notes what was left aside; where nothing may be, the fault is raised instead."""

    def __init__(self, *, lenient: bool) -> None:
        self.lenient = lenient
        self.notes: list[str] = []

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def forgive(self, fault: TableFault, instead: str) -> None:
        """Go on in spite of this fault, and say what is done instead."""
        if not self.lenient:
            raise fault
        self.notes.append(f"{fault} {instead}")
