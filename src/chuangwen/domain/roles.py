"""Who acts: the five roles (domain.md 8.5). A role is chosen at start-up or in the settings and noted with every step: a record, not security."""

from __future__ import annotations

from chuangwen.text import _

PLANNER, DIRECTOR, INSPECTOR, LIAISON, VIEWER = "planner", "director", "inspector", "liaison", "viewer"

ROLES = {
    PLANNER: _("创建办业务员"),
    DIRECTOR: _("创建办负责人"),
    INSPECTOR: _("督查组"),
    LIAISON: _("单位联络员"),
    VIEWER: _("领导查看"),
}
"""Identifier → title."""

ROLE_WORDS = "、".join(f"{value}={title}" for value, title in ROLES.items())
"""All of them in one line, for help texts."""
