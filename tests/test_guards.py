"""The guard of conftest.py is seen to fire."""

from __future__ import annotations

import threading
from pathlib import Path

from chuangwen.settings import settings_path
from tests.conftest import running


def test_a_thread_left_behind_is_named() -> None:
    """Until it ends; a daemon thread is nobody's concern."""
    before = set(threading.enumerate())
    stop = threading.Event()
    worker = threading.Thread(target=stop.wait, name="forgotten")
    idle = threading.Thread(target=stop.wait, name="daemon", daemon=True)
    worker.start()
    idle.start()
    assert ["forgotten"] == running(before)
    stop.set()
    worker.join()
    idle.join()
    assert [] == running(before)


def test_every_test_has_settings_of_its_own(tmp_path: Path) -> None:
    """Not those of whoever runs the tests."""
    assert tmp_path in settings_path().parents
    assert not settings_path().exists()
