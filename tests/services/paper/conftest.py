"""The demo project, made once and copied for each test that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangwen.services.demo import make_demo
from chuangwen.services.project import Project


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as made; nobody writes to it."""
    return make_demo(tmp_path_factory.mktemp("demo"), "甲")[0]


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Iterator[Project]:
    """A demo of one's own."""
    path = tmp_path / "demo.gpkg"
    shutil.copy(demo_file, path)
    found = Project.open(path, "甲")
    yield found
    found.close()
