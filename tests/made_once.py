"""What is dear to make is made by one of the processes that share the tests; the others wait for it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

_PATIENCE = 300.0  # seconds; the demo takes some 20


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of this run of pytest that its processes share (pytest-xdist gives each a folder of its own inside)."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(folder: Path, make: Callable[[Path], object], patience: float = _PATIENCE) -> Path:
    """`folder`, filled by the first caller's `make`; whoever comes meanwhile waits.

    Where `make` fails its caller gets the exception and the next one tries. Raises `TimeoutError` after `patience` seconds: then the maker was killed.
    """
    claim, made = folder.with_name(f"{folder.name}.claim"), folder.with_name(f"{folder.name}.made")
    end = time.monotonic() + patience
    while not made.exists():
        try:
            claim.mkdir()
        except FileExistsError:
            if time.monotonic() > end:
                raise TimeoutError(f"whoever makes {folder} does not come to an end") from None
            time.sleep(0.05)
            continue
        try:
            if not made.exists():  # the other may have ended between the two looks
                make(folder)
                made.touch()
        finally:
            claim.rmdir()
    return folder
