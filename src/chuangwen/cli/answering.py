"""What all commands share: exit statuses, one JSON object on stdout, an open project."""

from __future__ import annotations

import argparse
import datetime as dt
import json

from chuangwen.domain.values import parse, plain
from chuangwen.errors import UserError
from chuangwen.services.project import Project
from chuangwen.text import _

DONE, BUG, REFUSED, IN_PART = 0, 1, 2, 3
"""0 done; 3 done in part (records rejected, listed); 2 refused (a sentence on stderr, nothing changed); 1 a bug of ours."""


def day_of(text: str) -> dt.date:
    """A day as people write it. Raises `DataProblem` with a sentence for anything else."""
    day = parse(text, "date")
    if not isinstance(day, dt.date):
        raise UserError(_("这里要写一个日期，如 2024-06-03。"))
    return day


def day_if_said(text: str | None) -> dt.date | None:
    """`day_of`, or None where nothing was said."""
    return day_of(text) if text else None


def print_json(value: object) -> None:
    """One JSON object on stdout."""
    print(json.dumps(value, ensure_ascii=False, default=plain))


def open_project(options: argparse.Namespace) -> Project:
    """The project that the command names. Raises `FileProblem` with cause and remedy."""
    return Project.open(options.project, options.by, options.role)
