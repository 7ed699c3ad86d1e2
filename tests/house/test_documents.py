"""What is written about the program stays true: links lead somewhere, decisions have one number each, the two commands are there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.build import ROOT
from tests.house.test_words import tracked

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
CITED = re.compile(r"(?:docs/decisions/|[Dd]ecisions? )(\d{4})")


def broken_links(text: str, folder: Path) -> list[str]:
    """Relative links of a Markdown text that lead nowhere from `folder`."""
    return [target for target in LINK.findall(text) if not (folder / target).exists()]


def repeated(names: list[str]) -> list[str]:
    """Numbers that two decisions have."""
    numbers = [name[:4] for name in names]
    return sorted({number for number in numbers if numbers.count(number) > 1})


def test_links_in_the_documents_lead_somewhere() -> None:
    """Of the README, the manual and all that developers read."""
    assert broken_links("[a](README.md) [b](nowhere.md) [c](https://x.org)", ROOT) == ["nowhere.md"]

    pages = [path for path in tracked() if path.suffix == ".md" and path.exists()]
    assert {page.name: broken for page in pages if (broken := broken_links(page.read_text(encoding="utf-8"), page.parent))} == {}


def test_a_decision_has_its_own_number_and_says_it() -> None:
    """Two colleagues once took 0020 on one day."""
    assert repeated(["0001-a.md", "0002-b.md", "0002-c.md"]) == ["0002"]

    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert pages
    assert repeated([page.name for page in pages]) == []
    assert [page.name for page in pages if not page.read_text(encoding="utf-8").startswith(f"# {page.name[:4]} ")] == []


def test_decisions_that_are_cited_exist() -> None:
    """In code, tests and documents."""
    assert CITED.findall("docs/decisions/0011 and decision 0012") == ["0011", "0012"]

    there = {page.name[:4] for page in (ROOT / "docs" / "decisions").glob("*.md")}
    texts = [path for path in tracked() if path.suffix in (".py", ".md", ".toml", ".lock") and path.is_file() and path != Path(__file__)]
    assert {(path.name, number) for path in texts for number in CITED.findall(path.read_text(encoding="utf-8")) if number not in there} == set()


def test_the_readme_names_commands_that_make_knows() -> None:
    """And all that make knows is phony: no file of such a name can hide a command."""
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", rules, re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert {"setup", "run", "test", "lint", "bench", "pictures"} <= targets
    assert set(re.findall(r"\bmake ([a-z]+)", readme)) - {"them"} <= targets
    assert set(re.search(r"^\.PHONY:(.*)$", rules, re.MULTILINE)[1].split()) == targets  # type: ignore[index]
