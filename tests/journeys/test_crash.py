"""The power goes, or the program is killed: what was accepted is there, what was half written is not, and the file is sound."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chuangwen.store.geopackage import GeoPackage
from tests.build import ROOT
from tests.store.build import LAYERS, added, boxes, edit, project

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is a thing of Linux and macOS")

_BEGIN = """
import sys
sys.path[:0] = [{root!r}, {source!r}]
from pathlib import Path
from chuangwen.store.geopackage import GeoPackage
from tests.store.build import *
store = GeoPackage.open(Path(sys.argv[1]), LAYERS)
"""
# Says so when it stands in the middle of the transaction, with pages already in the file and the journal hot, and waits for the end.
_IMPORT = """
from chuangwen.progress import Progress
store._connection.exec_driver_sql("PRAGMA cache_size = 10")
store._connection.exec_driver_sql("PRAGMA cache_spill = 10")
class Stuck(Progress):
    def at(self, done, total=0, what=""):
        if done >= 20_000:
            print("half way", flush=True)
            while True: pass
store.write(Edit("导入", tuple(squares(30_000))), "王", progress=Stuck())
"""
# Says each number only when the edit has been accepted.
_EDITS = """
for number in range(100_000):
    store.write(edit(updated("site", "A", visits=(number or None, number + 1)), added("zone", f"N{number}")), "王")
    print(number + 1, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with one site and some zones."""
    found = tmp_path / "区 一.gpkg"
    store = project(found)
    store.write(edit(added("site", "A"), *(added("zone", f"Z{number}") for number in range(5))), "王")
    store.close()
    return found


def started(path: Path, work: str) -> subprocess.Popen[str]:
    """Another program at work on the project."""
    script = _BEGIN.format(root=str(ROOT), source=str(ROOT / "src")) + work
    return subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)


def kill(program: subprocess.Popen[str]) -> list[str]:
    """kill -9; what it had said by then."""
    os.kill(program.pid, signal.SIGKILL)
    said = program.communicate()[0].split("\n")[:-1]  # a last line without its end was not said
    assert program.returncode == -signal.SIGKILL
    return said


def sound(path: Path) -> bool:
    """SQLite's own check of every page and index."""
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    return found == [("ok",)]


def test_killed_in_the_middle_of_an_import(path: Path) -> None:
    """Nothing of it is there; the project opens and the same import goes in."""
    whole = path.stat().st_size
    program = started(path, _IMPORT)
    assert program.stdout is not None
    assert "half way\n" == program.stdout.readline()
    kill(program)
    assert path.stat().st_size > 2 * whole  # it had begun to write
    assert path.with_name(path.name + "-journal").exists()

    store = GeoPackage.open(path, LAYERS)
    assert (5, 1, 1) == (store.count("zone"), store.count("site"), len(store.steps()))
    assert [] == boxes(store, "zone")
    store.close()
    assert sound(path)

    again = subprocess.run(
        [sys.executable, "-c", _BEGIN.format(root=str(ROOT), source=str(ROOT / "src")) + _IMPORT.replace("while True: pass", "pass"), str(path)], check=True
    )
    store = GeoPackage.open(path, LAYERS)
    assert (0, 30_005, 30_000) == (again.returncode, store.count("zone"), len(boxes(store, "zone")))
    store.close()


@pytest.mark.parametrize("after", [0.03, 0.1, 0.25])
def test_killed_in_a_series_of_edits(path: Path, after: float) -> None:
    """Every accepted edit is there, whole; at most the one that was being written is there besides."""
    program = started(path, _EDITS)
    assert program.stdout is not None
    assert "1\n" == program.stdout.readline()
    time.sleep(after)
    said = kill(program)
    accepted = int(said[-1]) if said else 1

    store = GeoPackage.open(path, LAYERS)
    visits = store.features("site").at(0).get("visits")
    assert visits in (accepted, accepted + 1)
    assert (5 + visits, 1 + visits) == (store.count("zone"), len(store.steps()))
    last = store.steps()[-1]
    store.write(store.edit_of(last.number).inverse(), "王", "undo", last.number)
    assert (visits - 1 or None) == store.features("site").at(0).get("visits")
    store.close()
    assert sound(path)
