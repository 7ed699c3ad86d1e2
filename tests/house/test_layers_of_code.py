"""Imports point down, and the guard that says so is seen to fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build import ROOT

PLANTED = [
    ("domain/geo.py", "import chuangwen.store.base", "A folder is a layer"),
    ("progress.py", "import chuangwen.settings", "A folder is a layer"),
    ("services/project.py", "import PySide6.QtCore", "Qt starts at render"),
    ("ui/tables.py", "import sqlite3", "Only store knows SQL"),
    ("domain/filter.py", "import openpyxl", "The domain knows no files"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the source below `folder`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(folder / "src")})


def test_the_contracts_hold() -> None:
    """The tree as it is."""
    done = lint(ROOT)

    assert "0 broken" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("file", "line", "contract"), PLANTED)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, file: str, line: str, contract: str) -> None:
    """A guard that cannot fail guards nothing."""
    shutil.copytree(ROOT / "src", tmp_path / "src")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "src" / "chuangwen" / file
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")

    done = lint(tmp_path)

    assert done.returncode != 0
    assert f"{contract}" in done.stdout
    assert "BROKEN" in done.stdout


def test_everything_below_render_runs_without_qt() -> None:
    """Delete ui/ and render/ and the rest still imports (design.md, decision 8)."""
    code = """
import importlib, pkgutil, sys
for name in ("domain", "store", "exchange", "services"):
    package = importlib.import_module(f"chuangwen.{name}")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"chuangwen.{name}.{module.name}")
print([name for name in sys.modules if name.startswith("PySide6")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_starting_the_window_does_not_wait_for_geopandas() -> None:
    """It costs a second (facts.md 21): never before the window is on screen."""
    code = "import sys, chuangwen.ui.window; print('geopandas' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})

    assert done.stdout.split() == ["False", "False"]


def test_files_are_made_whole_in_one_place() -> None:
    """exchange/whole_file.py knows how a file is written beside and renamed; below it only what it cannot be used by."""
    homes = {"exchange/whole_file.py", "settings.py", "store/photos.py"}
    source = ROOT / "src" / "chuangwen"
    found = {path.relative_to(source).as_posix() for path in source.rglob("*.py") if re.search(r"""\.part["']\)$""", _without_comments(path), re.MULTILINE)}

    assert found == homes


def _without_comments(path: Path) -> str:
    return re.sub(r"\s+#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
