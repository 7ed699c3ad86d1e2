"""Running a command as a script does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chuangwen.app import main


def said(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> Any:
    """Run a command with --json; its object. It ends with `status` and no traceback."""
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == status
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return json.loads(out.out)
