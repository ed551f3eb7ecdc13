"""Read a long file in blocks of whole lines, without holding it in memory."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from muntada.engines.tables import (
    EMPTY,
    NO_ROWS,
    TableFault,
    checked_columns,
    decoded_lines,
    ends_in_returns,
    records_of,
)
from muntada.parsers.table_text import BYTE_ORDER_MARK

BLOCK = 1 << 20


class FileBlocks:
    """The rows below the header, block by block; `line` is the line number of the next row."""

    def __init__(self, file: str, blocks: Iterator[bytes], required: Sequence[str]) -> None:
        self.file, self.line = file, 1
        header, rest = self._until_text(b"", blocks)
        if not header:
            raise TableFault(file, None, EMPTY)
        self.columns = self._named(header, required)
        self.line += 1
        first, rest = self._until_text(rest, blocks)
        if not first:
            raise TableFault(file, None, NO_ROWS)
        self._blocks = chain([first + rest], blocks)

    def _until_text(self, block: bytes, blocks: Iterator[bytes]) -> tuple[bytes, bytes]:
        """Skip blank lines; return the first other line and the rest of its block."""
        while block or (block := next(blocks, b"")):
            stop = block.find(b"\n") + 1 or len(block)
            if block[:stop].strip():
                return block[:stop], block[stop:]
            block = block[stop:]
            self.line += 1
        return b"", b""

    def _named(self, header: bytes, required: Sequence[str]) -> list[str]:
        lines = decoded_lines(self.file, header, self.line)
        line, cells = next(records_of(self.file, lines, self.line))
        return checked_columns(self.file, (line, [cell.strip().lower() for cell in cells]), required)

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            yield block
            self.line += block.count(b"\n")

    def records(self, current: bytes = b"") -> Iterator[tuple[int, list[str]]]:
        """Yield the records of this block and of all later ones, each with its first line number."""
        return records_of(self.file, self.lines(current), self.line)

    def lines(self, current: bytes = b"") -> Iterator[str]:
        line = self.line
        for block in chain([current], self._blocks) if current else self._blocks:
            yield from decoded_lines(self.file, block, line)
            line += block.count(b"\n")


def read_blocks(path: Path, stream: BinaryIO, required: Sequence[str]) -> FileBlocks:
    return FileBlocks(path.name, _blocks(stream), required)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield blocks cut after line ends; all line ends become line feeds."""
    pending = [stream.read(BLOCK).removeprefix(BYTE_ORDER_MARK)]
    returns = ends_in_returns(pending[0])
    while pending[-1]:
        block = pending.pop().replace(b"\r", b"\n") if returns else pending.pop()
        cut = block.rfind(b"\n") + 1
        if cut:
            yield b"".join([*pending, block[:cut]]).replace(b"\r\n", b"\n")
            pending = [block[cut:]] if block[cut:] else []
        else:
            pending.append(block)
        pending.append(stream.read(BLOCK))
    if any(pending):
        yield b"".join(pending)
