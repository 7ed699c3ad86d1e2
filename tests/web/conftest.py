"""The town, for tests that write to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangwen.services.project import Project
from tests.web import made


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Project]:
    """A project of the test's own."""
    project = made.town(tmp_path / "项目.gpkg")
    yield project
    project.close()
