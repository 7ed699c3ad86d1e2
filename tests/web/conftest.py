"""The town, for tests that write to it; a running chromedriver for all tests of pages, which are skipped with the reason where it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangwen.services.project import Project
from tests.web import made
from tests.web.browser import driver, missing


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Project]:
    """A project of the test's own."""
    project = made.town(tmp_path / "项目.gpkg")
    yield project
    project.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[int]:
    """The port of chromedriver."""
    if why := missing():
        pytest.skip(why)
    with driver() as port:
        yield port
