"""Work off the GUI thread: answers come back on it, writes in order, only the newest of its kind."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.ui.jobs import JobRunner

pytestmark = pytest.mark.window


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[JobRunner]:
    """A runner that is shut down afterwards."""
    found = JobRunner()
    yield found
    found.shutdown()


def pump(jobs: JobRunner, seconds: float = 5.0) -> None:
    """Bring the answers."""
    end = time.monotonic() + seconds
    while jobs.busy and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.002)
    QApplication.processEvents()


def test_answers_come_back_on_the_gui_thread_and_writes_in_order(jobs: JobRunner) -> None:
    """Fifty writes and fifty reads."""
    here = threading.get_ident()
    heard: list[tuple[int, int]] = []
    for number in range(50):
        jobs.write(lambda _progress, n=number: n, lambda answer: heard.append((answer, threading.get_ident())))
        jobs.read(lambda _progress: None)
    pump(jobs)

    assert heard == [(number, here) for number in range(50)]


def test_only_the_newest_map_is_delivered(jobs: JobRunner) -> None:
    """Sixty requests of one kind: the last answer arrives, and it is the last thing that arrives."""
    heard: list[int] = []
    for number in range(60):
        jobs.latest("map", lambda _progress, n=number: n, heard.append)
    pump(jobs)

    assert heard == [59]


def test_a_failure_reaches_who_asked_or_the_hook(jobs: JobRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is swallowed."""
    heard: list[Any] = []
    hooked: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *told: hooked.append(told[1]))

    def breaks(_progress: Progress) -> None:
        raise UserError("不行。")

    jobs.read(breaks, failed=heard.append)
    jobs.read(breaks)
    pump(jobs)

    assert [str(error) for error in (*heard, *hooked)] == ["不行。", "不行。"]


def test_cancelled_work_says_nothing(jobs: JobRunner) -> None:
    """Endless work stops at its next report."""

    def endless(progress: Progress) -> None:
        while True:
            progress.at(0)
            time.sleep(0.001)

    heard: list[Any] = []
    started = [jobs.read(endless, heard.append, heard.append, loud=True) for _number in range(2)]
    QApplication.processEvents()
    jobs.cancel_loud()
    pump(jobs)

    assert heard == []
    assert all(one.cancelled for one in started)
    assert not jobs.busy
