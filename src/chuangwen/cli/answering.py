"""What all commands share: exit statuses, one JSON object on stdout, an open project."""

from __future__ import annotations

import argparse
import json

from chuangwen.domain.values import plain
from chuangwen.services.project import Project

DONE, BUG, REFUSED, IN_PART = 0, 1, 2, 3
"""0 done; 3 done in part (records rejected, listed); 2 refused (a sentence on stderr, nothing changed); 1 a bug of ours."""


def print_json(value: object) -> None:
    """One JSON object on stdout."""
    print(json.dumps(value, ensure_ascii=False, default=plain))


def open_project(options: argparse.Namespace) -> Project:
    """The project that the command names. Raises `FileProblem` with cause and remedy."""
    return Project.open(options.project, options.by, options.role)
