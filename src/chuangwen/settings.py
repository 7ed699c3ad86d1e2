"""What the user chose, and where the program's own files lie.

Settings are one frozen value, read from a TOML file. A missing file is the defaults; a bad value is ignored and named.
"""

from __future__ import annotations

import getpass
import os
import sys
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from chuangwen.errors import FileProblem
from chuangwen.text import _


@dataclass(frozen=True, slots=True)
class Settings:
    """One value for the whole program; changed with `dataclasses.replace` and written once."""

    actor: str = ""  # the name written into the change log; empty: the system's user name
    role: str = "planner"  # domain.md 8.5; a record, not security
    office: str = "创建办"  # producer on printed sheets
    language: str = "zh_CN"
    theme: str = "system"  # system | light | dark
    paper: str = "A4"  # last paper used for zone maps
    recent: tuple[str, ...] = ()  # projects opened lately, newest first
    unknown: tuple[tuple[str, Any], ...] = ()  # keys of a newer version, kept when written

    @property
    def who(self) -> str:
        """The actor's name, never empty."""
        if self.actor:
            return self.actor
        try:
            return getpass.getuser()
        except (KeyError, OSError):  # no user entry: a container, a locked-down PC
            return "创建办"


def share_root() -> Path:
    """The folder with `layers/` and `resources/`: the project's root. The program is delivered as that folder, not as a wheel."""
    return Path(__file__).parents[2]


def layers_folder() -> Path:
    """Where the layer declarations lie."""
    return share_root() / "layers"


def resources_folder() -> Path:
    """Where fonts, demo files, icons and templates lie."""
    return share_root() / "resources"


def settings_path() -> Path:
    """The settings file of this user; `CHUANGWEN_SETTINGS` overrides it (tests, portable copies on a USB stick)."""
    given = os.environ.get("CHUANGWEN_SETTINGS")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", str(Path.home()))) / "chuangwen" / "settings.toml"
    return Path(os.environ.get("XDG_CONFIG_HOME", str(Path.home() / ".config"))) / "chuangwen" / "settings.toml"


def read_settings(path: Path | None = None) -> tuple[Settings, list[str]]:
    """The settings in `path` and the sentences about values that could not be used."""
    path = path or settings_path()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Settings(), [f"{path.name}: {error}"]
    values: dict[str, Any] = {}
    problems: list[str] = []
    unknown: list[tuple[str, Any]] = []
    defaults = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    for key, value in found.items():
        if key not in defaults or key == "unknown":
            unknown.append((key, value))
            continue
        if isinstance(defaults[key], tuple) and isinstance(value, list):
            value = tuple(value)
        if type(value) is type(defaults[key]):
            values[key] = value
        else:
            problems.append(f"{path.name}: {key} = {value!r}")
    return replace(Settings(), **values, unknown=tuple(unknown)), problems


def write_settings(settings: Settings, path: Path | None = None) -> None:
    """Write what differs from the defaults. Raises `FileProblem` where the folder cannot be written."""
    path = path or settings_path()
    lines = [
        f"{field.name} = {_toml(getattr(settings, field.name))}"
        for field in fields(Settings)
        if field.name != "unknown" and getattr(settings, field.name) != getattr(Settings(), field.name)
    ]
    lines += [f"{key} = {_toml(value)}" for key, value in settings.unknown]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise FileProblem(_("无法保存设置 {path}：{reason}。").format(path=path, reason=error.strerror)) from error


def _toml(value: object) -> str:
    """A TOML literal. JSON strings, numbers and lists are valid TOML."""
    import json

    if isinstance(value, tuple):
        value = list(value)
    return json.dumps(value, ensure_ascii=False)
