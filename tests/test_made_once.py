"""Two processes want the same; threads stand in for them here."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.made_once import made_once


def test_one_makes_and_all_get_it_whole(tmp_path: Path) -> None:
    """Nobody sees it before it is complete."""
    begun: list[int] = []

    def make(folder: Path) -> None:
        begun.append(threading.get_ident())
        folder.mkdir()
        time.sleep(0.2)
        (folder / "last").touch()

    def whole(_: int) -> bool:
        return (made_once(tmp_path / "a", make) / "last").exists()

    with ThreadPoolExecutor(4) as pool:
        assert [True] * 4 == list(pool.map(whole, range(4)))
    assert len(begun) == 1


def test_after_a_failure_the_next_one_tries(tmp_path: Path) -> None:
    """And whoever failed hears why."""

    def fail(_: Path) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_once(tmp_path / "a", fail)
    assert made_once(tmp_path / "a", Path.mkdir).is_dir()


def test_a_killed_maker_is_not_waited_for_forever(tmp_path: Path) -> None:
    """Its claim stays behind."""
    (tmp_path / "a.claim").mkdir()
    with pytest.raises(TimeoutError):
        made_once(tmp_path / "a", Path.mkdir, patience=0.1)
