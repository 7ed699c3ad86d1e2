"""The power fails: in the middle of an import, in the middle of a series of edits. What was accepted is there, the file is sound."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shapely.geometry import Point

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.services.project import Project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX")

IMPORTING = """
import sys
from pathlib import Path
from shapely.geometry import box
from chuangwen.domain import edits
from chuangwen.domain.change import Change, Edit
from chuangwen.progress import Progress
from chuangwen.services.project import Project

def said(done, total, what):
    print(done, flush=True)

project = Project.open(Path(sys.argv[1]), "甲")
changes = [Change("zone", edits.new_id(), None, {"code": f"Z{n}", "name": "网格", "geometry": box(n, 0, n + 1, 1)}) for n in range(60_000)]
print("ready", flush=True)
project.write(Edit("导入", tuple(changes)), progress=Progress(said))
print("done", flush=True)
"""

EDITING = """
import sys
from pathlib import Path
from chuangwen.domain import edits
from chuangwen.services.project import Project

project = Project.open(Path(sys.argv[1]), "甲")
layer = project.layers["site"]
for number in range(100_000):
    project.apply(edits.set_values(layer, [project.features("site").at(0)], {"remark": str(number)}))
    print(number, flush=True)
"""


def made(path: Path) -> None:
    """A project with one site."""
    project = Project.create(path, Campaign("试验"), 4548, "甲")
    project.apply(edits.add(project.layers["site"], {"code": "001", "name": "广场"}, Point(1, 2)))
    project.close()


def killed(script: str, path: Path, lines: int, after: float = 0.0) -> list[str]:
    """Run a script, let it say so many lines, and kill it the hard way; what it said."""
    process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _line in range(lines)]
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    said += process.stdout.read().split()
    process.wait()
    return said


def assert_sound(path: Path) -> None:
    """SQLite itself finds nothing wrong."""
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


@pytest.mark.parametrize("after", [0.0, 0.2, 0.6])
def test_killed_in_the_middle_of_an_import(tmp_path: Path, after: float) -> None:
    """All of it or nothing; what was there before stays; the next edit works."""
    path = tmp_path / "区.gpkg"
    made(path)

    said = killed(IMPORTING, path, 1, after)

    project = Project.open(path, "乙")
    assert len(project.features("zone")) == (60_000 if "done" in said else len(project.features("zone")))
    assert len(project.features("zone")) in (0, 60_000)
    assert [site.name for site in project.features("site")] == ["广场"]
    project.apply(edits.set_values(project.layers["site"], [project.features("site").at(0)], {"remark": "之后"}))
    project.close()
    assert_sound(path)


def test_killed_in_a_series_of_edits(tmp_path: Path) -> None:
    """Every edit that was shown as accepted is there; at most the one under way beside."""
    path = tmp_path / "区.gpkg"
    made(path)

    said = killed(EDITING, path, 25)

    project = Project.open(path, "乙")
    remark = project.features("site").at(0).get("remark")
    last = int(said[-1])
    assert remark in (str(last), str(last + 1))
    assert len(project.store.steps()) == int(str(remark)) + 2
    project.undo()
    assert project.features("site").at(0).get("remark") == str(int(str(remark)) - 1)
    project.close()
    assert_sound(path)
