"""The licence of every package we ship with goes together with EUPL-1.2."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
GOOD = re.compile(
    r"MIT|BSD|Apache|Python|PSF|ISC|Unlicense|LGPL|Lesser|MPL|Mozilla|HPND|Zlib|OFL", re.IGNORECASE
)
GPL_ONLY = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL", re.IGNORECASE)


def shipped() -> list[str]:
    lock = (ROOT / "requirements.lock").read_text()
    rows = [Requirement(row.strip()) for row in re.findall(r"^[a-z0-9_.\-]+==[^\\\n]*", lock, re.MULTILINE)]
    return [one.name for one in rows if one.marker is None or one.marker.evaluate()]


def licence_of(name: str) -> str:
    about = metadata.metadata(name)
    classifiers = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    words = [about.get("License-Expression"), (about.get("License") or "")[:80], *classifiers]
    return " | ".join(filter(None, words))


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_package_may_go_together_with_ours(name):
    licence = licence_of(name)
    assert GOOD.search(licence), f"{name}: {licence}"
    assert not GPL_ONLY.search(licence) or "LGPL" in licence or "Lesser" in licence, f"{name}: {licence}"
