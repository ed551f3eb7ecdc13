"""A link of a page leads to a file and a heading that are there, or is named."""

from pathlib import Path

import pytest

from muntada.cli import links

TEXT = """# The plan of `the` house

## Follow one vote

## Follow one vote

<a id="by-hand"></a>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "plan.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "link",
    [
        "docs/plan.md",
        "docs",
        "docs/plan.md#the-plan-of-the-house",
        "docs/plan.md#follow-one-vote-1",
        "docs/plan.md#by-hand",
        "https://example.org/nowhere",
        "C/1",
    ],
)
def test_a_link_that_leads_somewhere_is_no_fault(folder: Path, link: str) -> None:
    page = folder / "README.md"
    page.write_text(f"[There]({link})", encoding="utf-8")
    assert list(links.faults(page)) == []


@pytest.mark.parametrize(
    "text",
    [
        "[There](docs/nothing.md)",
        "| a |\n|---|\n| [There](docs/nothing.md) |",
        "![Picture](docs/nothing.png)",
        "[There](docs/plan.md#the-plan-of-the-garden)",
        "[There](#nothing)",
        "# Nothing\n\n[There](#Nothing)",
    ],
)
def test_a_link_that_leads_nowhere_is_named(folder: Path, text: str) -> None:
    page = folder / "README.md"
    page.write_text(text, encoding="utf-8")
    assert len(list(links.faults(page))) == 1


def test_the_pages_of_a_project_are_found(folder: Path) -> None:
    (folder / "README.md").touch()
    assert [path.name for path in links.pages(folder)] == ["README.md", "plan.md"]
