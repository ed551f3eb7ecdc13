"""The colour, dashes and letter of each line, so that none is needed alone."""

# The first is for the world. For files outside a style sheet, such as downloads.
COLOURS = (
    "#17232c",
    "#0b4f6c",
    "#b2610c",
    "#5b3a8c",
    "#1f6b3f",
    "#a3264f",
    "#7a5d00",
    "#1c7c86",
    "#55606a",
)
# After nine lines, colours repeat with other dashes.
DASHES: tuple[tuple[int, ...], ...] = (
    (),
    (6, 3),
    (2, 2),
    (9, 3, 2, 3),
    (12, 4),
    (4, 4),
    (1, 3),
    (12, 3, 3, 3),
    (6, 2, 1, 2),
    (3, 1),
    (15, 3),
    (8, 2, 2, 2, 2, 2),
    (2, 6),
)
LETTERS = "ABCDEFGHIJKL"
WORLD_LETTER = "W"

INK, SOFT_INK, RULE, PAPER = "#17232c", "#55606a", "#d9dfe3", "#ffffff"


def tone(slot: int) -> int:
    """Return the colour number of a slot; the first stays reserved for the world."""
    return slot if slot < len(COLOURS) else (slot - 1) % (len(COLOURS) - 1) + 1


def dashes(slot: int) -> str:
    return ",".join(str(length) for length in DASHES[min(slot, len(DASHES) - 1)])
