"""Whether the window answers at once, told so that it holds on a machine with other work: a page in the making waits for the test, not the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from unittest.mock import patch

from tests.ui.conftest import Desk

_PAGE = 10.0  # seconds that a held page takes where nobody lets it go


@contextmanager
def busy_page(desk: Desk) -> Iterator[None]:
    """Within, work that has said how far it is goes no further: whoever waits for its end waits for 10 s."""
    go_on = Event()
    tell = desk.session.jobs.tell

    def said(words: Callable[[], None]) -> None:
        tell(words)
        go_on.wait(_PAGE)

    with patch.object(desk.session.jobs, "tell", said):
        try:
            yield
        finally:
            go_on.set()


def answered_at_once(press: Callable[[], object], seconds: float = 0.2) -> bool:
    """Whether `press` takes the window's thread less than `seconds` of processor, and waits for nothing that takes half as long as a held page."""
    begun, worked = time.monotonic(), time.thread_time()
    press()
    return time.thread_time() - worked < seconds and time.monotonic() - begun < _PAGE / 2
