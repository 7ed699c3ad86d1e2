"""Scripts and styles that go into a page: Leaflet's from its installed package, with no address left in them, and ours from `resources/web`."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.settings import resources_folder
from chuangwen.text import _

_ADDRESS = re.compile(r"(?:https?|wss?):/*[\w.-]*(?:/[\w./-]*)?")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_FETCHED = re.compile(r"[\w-]+:\s*url\([^)]*\);?")  # pictures of controls that no page has, a dead Internet Explorer's drawing
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (async function|function\*?|const|class) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_PARTS = ("base.css", "panel.css", "card.css", "patrol.css", "lock.css", "print.css")


@cache
def leaflet_script() -> str:
    """Leaflet, its licence above it. Raises `FileProblem` where the package is not installed whole.

    Without the address of SVG it draws on canvas only, which is all a page wants.
    """
    code = _leaflet_file("leaflet.js")
    licence = (metadata.distribution("django-js-lib-leaflet").read_text("LICENSE") or "").strip().replace("*/", "* /")
    return f"/*\n{licence}\n*/\n{_SOURCE_MAP.sub('', _ADDRESS.sub('', code))}".replace("\r", "")


@cache
def leaflet_style() -> str:
    """Leaflet's style sheet without the pictures of controls that are not used."""
    return _FETCHED.sub("", _leaflet_file("leaflet.css")).replace("\r", "")


def _leaflet_file(name: str) -> str:
    try:
        return (resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet" / name).read_text(encoding="utf-8")
    except (ModuleNotFoundError, OSError) as problem:
        raise FileProblem(_("没有找到 Leaflet（{name}），网页地图写不成。").format(name=name), hint=_("请重新准备运行环境（make setup）。")) from problem


@cache
def page_style() -> str:
    """Our own style sheets, in their order."""
    return "\n".join(_read(name) for name in _PARTS)


@cache
def page_script() -> str:
    """Our own modules as one script: each in its own scope after those that it imports, and no name of them outside."""
    found: dict[str, str] = {}
    _collect("main", found)
    return '(() => {\n"use strict";\nconst parts = {};\n' + "\n".join(found.values()) + "\n})();"


def _collect(name: str, found: dict[str, str]) -> None:
    text = _read(f"{name}.js")
    for _names, other in _IMPORT.findall(text):
        if other not in found:
            _collect(other, found)
    exports = ", ".join(exported for _kind, exported in _EXPORT.findall(text))
    code = _EXPORT.sub(r"\1 \2", _IMPORT.sub(r'const \1 = parts["\2"];', _COMMENT.sub("", text))).strip()
    found[name] = f'parts["{name}"] = (() => {{\n{code}\nreturn {{ {exports} }};\n}})();'


@cache
def skeleton() -> str:
    """The page's elements, without a word of the project."""
    return _read("page.html")


def _read(name: str) -> str:
    path: Path = resources_folder() / "web" / name
    try:
        return path.read_text(encoding="utf-8").replace("\r", "")
    except OSError as problem:
        raise FileProblem(_("程序文件夹不完整，缺少 resources/web/{name}。").format(name=name), hint=_("请重新复制程序文件夹。")) from problem
