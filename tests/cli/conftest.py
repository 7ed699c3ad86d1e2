"""A copy of the demo for commands that write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.build import copied


@pytest.fixture
def project(demo_file: Path, tmp_path: Path) -> Path:
    """A copy of the test's own."""
    return copied(demo_file, tmp_path)
