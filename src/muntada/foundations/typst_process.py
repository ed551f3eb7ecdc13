"""The process that runs Typst: reads JSON, writes a file. Started by `typesetting`."""

import json
import sys
from pathlib import Path

import typst

PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""


def main() -> None:
    order = json.load(sys.stdin.buffer)
    if "letters" in order:
        # All texts are passed as data, not as markup.
        made = typst.compile(
            b"#sys.inputs.letters",
            font_paths=order["fonts"],
            ignore_system_fonts=order["only_these_fonts"],
            sys_inputs={"letters": order["letters"]},
            format="svg",
        )
        sys.stdout.buffer.write(made)
        return
    if "svg" in order:
        made = typst.compile(
            PICTURE,
            font_paths=order["fonts"],
            sys_inputs={"svg": order["svg"]},
            format="png",
            ppi=order["dots_per_inch"],
        )
        sys.stdout.buffer.write(bytes(made) if isinstance(made, bytes) else b"".join(made))
        return
    made = typst.compile(
        Path(order["template"]).read_bytes(),
        font_paths=order["fonts"],
        ignore_system_fonts=order["only_these_fonts"],
        sys_inputs={"data": order["data"]},
        timestamp=order["made_at"],
    )
    sys.stdout.buffer.write(bytes(made))


if __name__ == "__main__":
    main()
