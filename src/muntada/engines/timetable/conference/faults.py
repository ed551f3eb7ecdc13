"""What is wrong with a conference workbook, and where."""

from collections.abc import Mapping

from muntada.engines.reasons import gettext_noop

IN_A_ROW = gettext_noop("%(file)s, sheet %(sheet)s, row %(row)s: %(fault)s")
IN_A_SHEET = gettext_noop("%(file)s, sheet %(sheet)s: %(fault)s")
IN_THE_FILE = gettext_noop("%(file)s: %(fault)s")


class WorkbookFault(Exception):
    """One sentence (a template with %(name)s places and what fills them), its sheet and its row from 1."""

    def __init__(
        self,
        file: str,
        sentence: str,
        params: Mapping[str, str | int] | None = None,
        *,
        sheet: str = "",
        row: int | None = None,
    ) -> None:
        super().__init__(file, sentence, params, sheet, row)
        self.file = file
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})
        self.sheet = sheet
        self.row = row

    def __str__(self) -> str:
        fault = self.sentence % self.params
        if not self.sheet:
            return IN_THE_FILE % {"file": self.file, "fault": fault}
        where = IN_A_SHEET if self.row is None else IN_A_ROW
        return where % {"file": self.file, "sheet": self.sheet, "row": self.row, "fault": fault}
