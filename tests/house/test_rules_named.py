"""Each rule of issue 5 is named by a test: `grep -r SR-64 tests/` finds who holds it (domain.md 1)."""

from __future__ import annotations

import re
from pathlib import Path

from tests.build import ROOT

WANTED = {*(("SR", number) for number in (*range(1, 20), 46, *range(60, 73))), *(("CV", number) for number in range(1, 17))}
NO_RULES = {("SR", 14)}
"""domain.md: "Not a rule"."""
NOT_YET: dict[tuple[str, int], str] = {}
"""What has no test because it is not built, and why. Numbers, so that a search for the rule does not find this list."""


def named(folder: Path) -> set[tuple[str, int]]:
    """The rules that the tests of a folder name."""
    found: set[tuple[str, int]] = set()
    for path in sorted(folder.rglob("test_*.py")):
        if path != Path(__file__):
            found |= {(kind, int(number)) for kind, number in re.findall(r"\b(SR|CV)-(\d\d)\b", path.read_text(encoding="utf-8"))}
    return found


def test_a_rule_is_found_by_its_name(tmp_path: Path) -> None:
    """The search reads tests in all folders and nothing else."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "test_it.py").write_text('"""SR-07, and not XSR-08."""', encoding="utf-8")
    (tmp_path / "build.py").write_text('"""SR-09"""', encoding="utf-8")
    assert named(tmp_path) == {("SR", 7)}


def test_every_rule_of_issue_5_is_named_by_a_test() -> None:
    """All but those that are listed here with what they lack; a rule that gets its test leaves the list."""
    assert WANTED - NO_RULES - named(ROOT / "tests") == set(NOT_YET)
