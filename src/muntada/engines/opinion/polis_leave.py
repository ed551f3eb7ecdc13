"""Which faults a reader may ignore, and the notes about them."""

from muntada.engines.tables import TableFault


class Leave:
    """Collects notes about what was skipped; raises the fault if nothing may be skipped."""

    def __init__(self, *, lenient: bool) -> None:
        self.lenient = lenient
        self.notes: list[str] = []

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def forgive(self, fault: TableFault, instead: str) -> None:
        """Continue despite this fault and note what is done instead."""
        if not self.lenient:
            raise fault
        self.notes.append(f"{fault} {instead}")
