"""The doctor names what is missing, with the command that mends it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from chuangwen.services import doctor
from tests.build import ROOT


def test_this_machine_can_run_the_program() -> None:
    """Nothing is missing where the tests run."""
    assert [one for one in doctor.findings() if one.state == "missing"] == []


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the remedy is one command."""
    monkeypatch.setattr(doctor, "LIBRARIES", {"libnichts.so.9": "libnichts9"})

    assert doctor.missing_system_packages() == ["libnichts9"]
    found = [one for one in doctor.findings() if "libnichts9" in one.name]
    assert [one.state for one in found] == ["missing"]
    assert "apt-get install libnichts9" in found[0].remedy


def test_what_only_the_web_map_needs_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is installed with the rest; without it the browser shows the page."""
    monkeypatch.setattr(doctor, "WEB_LIBRARIES", {"libnichts.so.9": "libnichts9"})

    assert doctor.missing_system_packages() == ["libnichts9"]
    found = [one for one in doctor.findings() if "libnichts9" in one.name]
    assert [one.state for one in found] == ["warn"]


def test_it_runs_before_anything_is_installed() -> None:
    """With a Python that has no packages at all."""
    command = [sys.executable, "-S", "-m", "chuangwen.services.doctor"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})

    assert (done.returncode, done.stderr) == (0, "")
