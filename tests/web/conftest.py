"""A running chromedriver for all tests of pages; where it cannot be, they are skipped with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.browser import driver, missing


@pytest.fixture(scope="session")
def chromium() -> Iterator[int]:
    """The port of chromedriver."""
    if why := missing():
        pytest.skip(why)
    with driver() as port:
        yield port
