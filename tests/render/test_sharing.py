"""Two processes draw one run: the same file, nothing left behind, and no harm where the second one dies."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pypdf import PdfReader
from shapely.geometry import Point

from chuangwen.domain.change import Edit
from chuangwen.errors import Cancelled
from chuangwen.progress import Progress
from chuangwen.render import output, sharing
from chuangwen.render.paper import map_block
from chuangwen.render.paper.preflight import check
from chuangwen.render.paper.printing import write, write_run
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from tests.render.town import X, Y, row, town

pytestmark = pytest.mark.window
ALL = Request("zone", None, "A4")


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    with town(tmp_path / "镇.gpkg", issues=60) as found:
        yield found


@pytest.fixture
def alone(project: Project, tmp_path: Path) -> bytes:
    """The file as one process writes it, a page a part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "_PART", 1)
        return write(project, ALL, tmp_path / "alone.pdf")[0].read_bytes()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The second processes; every run has one, and leaves it the last part."""
    found: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        found.append(real(*args, **options))
        return found[-1]

    monkeypatch.setattr(sharing.subprocess, "Popen", popen)
    monkeypatch.setattr(sharing, "_LEAST_PAGES", 2)
    monkeypatch.setattr(sharing.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(output, "_PART", 1)
    return found


def test_the_file_is_the_same_whoever_drew_the_pages(
    project: Project, tmp_path: Path, alone: bytes, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second process draws pages that the first one waits for; all are counted."""
    by_second: list[int] = []
    real = sharing._Second._heard

    def heard(self: Any) -> Any:
        said = real(self)
        by_second.append(len(said[1])) if said[0] == sharing.PART else None
        return said

    monkeypatch.setattr(sharing._Second, "_heard", heard)
    # This process waits until the other one is there: on a fast computer three pages are drawn before it has started.
    real_part = sharing.part_of
    monkeypatch.setattr(sharing, "part_of", lambda pages, tally: [_until(by_second), real_part(pages, tally)][1])
    steps: list[tuple[int, int]] = []

    (path,) = write(project, ALL, tmp_path / "two.pdf", Progress(lambda done, total, _what: steps.append((done, total))))

    assert by_second
    assert path.read_bytes() == alone
    assert steps[-1][0] == steps[-1][1]
    assert all(process.poll() is not None for process in started)


def test_what_the_second_process_found_out_is_known_here(
    project: Project, tmp_path: Path, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pre-flight of a run that was written thinks no map out again, and finds the same."""
    run = atlas(project, ALL, halo="marker")
    parts: list[int] = []
    real = sharing._Second._heard
    monkeypatch.setattr(sharing._Second, "_heard", lambda self: [said := real(self), parts.append(1) if said[0] == sharing.PART else None][0])
    real_part = sharing.part_of
    monkeypatch.setattr(sharing, "part_of", lambda pages, tally: [_until(parts), real_part(pages, tally)][1])

    write_run(run, tmp_path / "two.pdf")

    assert started
    assert parts
    monkeypatch.setattr(map_block, "build", lambda *_: pytest.fail("thought out again"))
    found = check(run)
    monkeypatch.undo()
    assert [one.words for one in found] == [one.words for one in check(atlas(project, ALL, halo="marker"))]


def _until(done: list[int]) -> None:
    for _ in range(600):
        if done:
            return
        time.sleep(0.05)


def test_few_pages_start_no_process(project: Project, tmp_path: Path, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take longer to start than to draw."""
    monkeypatch.setattr(sharing, "_LEAST_PAGES", 36)
    write(project, ALL, tmp_path / "few.pdf")

    assert started == []


def test_a_second_process_that_dies_costs_nothing_but_time(
    project: Project, tmp_path: Path, alone: bytes, started: list[subprocess.Popen[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    """Killed in the middle, as a small computer kills what takes too much memory: this process draws its pages, too."""
    progress = Progress(lambda _done, _total, _what: started[0].kill())

    (path,) = write(project, ALL, tmp_path / "two.pdf", progress)

    assert path.read_bytes() == alone
    assert "given up" in caplog.text


def test_a_second_process_that_cannot_start_costs_nothing(
    project: Project, tmp_path: Path, alone: bytes, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No Python there that knows our modules."""
    monkeypatch.setattr(sharing, "_environment", lambda: {"PYTHONPATH": str(tmp_path)})
    monkeypatch.setattr(sys, "executable", "/bin/false" if Path("/bin/false").exists() else sys.executable)

    assert write(project, ALL, tmp_path / "two.pdf")[0].read_bytes() == alone


def test_a_file_that_says_something_else_is_not_shared(
    project: Project, tmp_path: Path, started: list[subprocess.Popen[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    """A colleague's edit came between: the run is drawn from what was read, as a whole."""
    for layer in project.layers.drawn():
        project.features(layer.id)
    other = Project.open(project.path, "乙")
    other.apply(Edit("别人", (row("site", "009", Point(X + 1300, Y + 300), name="新点位"),)))
    other.close()

    (path,) = write(project, Request("zone", ("A-2", "B-3"), "A4"), tmp_path / "after.pdf", Progress(lambda *_: time.sleep(0.5)))

    assert started
    assert "something else" in caplog.text
    assert "新点位" not in "".join(page.extract_text() for page in PdfReader(path).pages)


def test_cancelling_leaves_neither_file_nor_process(project: Project, tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    """From a worker, as the window runs it."""
    progress = Progress()
    progress._listener = lambda done, _total, _what: progress.cancel() if done else None
    caught: list[BaseException] = []

    def work() -> None:
        own = Project.open(project.path, "甲")
        try:
            write(own, ALL, tmp_path / "no.pdf", progress)
        except Cancelled as error:
            caught.append(error)
        finally:
            own.close()

    thread = Thread(target=work)
    thread.start()
    thread.join(60)

    assert caught
    assert not list(tmp_path.glob("no.pdf*"))
    assert started
    assert all(process.poll() is not None for process in started)
