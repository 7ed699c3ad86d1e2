"""The demo project, made once and copied for each test that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangwen.services.project import Project
from tests.build import copied


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Iterator[Project]:
    """A demo of one's own."""
    found = Project.open(copied(demo_file, tmp_path, "demo.gpkg"), "甲")
    yield found
    found.close()
