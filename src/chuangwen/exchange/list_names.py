"""The same list tomorrow has another name: 问题清单6.3.xlsx, 问题清单（2024年6月4日）最终版(1).xlsx. What is left of both is the list's own name."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

_MARKS = re.compile(
    r"""
      [(（\[【]\s*\d{1,2}\s*[)）\]】]                                       # (1), as browsers and WeChat number copies
    | -?\s*(?:副本|复件|拷贝|copy(?:\s*of)?)\s*[(（]?\d*[)）]?
    | (?:最终|最新|终|定|修改|修订|更新|正式|初|补充)[版稿]\d*|最终|最新
    | 第?[一二三四五六七八九十\d]{1,3}[版稿](?!块) | 版本\s*\d+(?:\.\d+)*
    | (?<![a-z])v(?:er(?:sion)?)?\.?\s*\d+(?:\.\d+)*(?![a-z])
    | (?:20)?\d{2}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?)? | \d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?
    | (?<!\d)(?:20\d{2}|\d{2})[-._/]\d{1,2}[-._/]\d{1,2}(?!\d)
    | (?<!\d)20\d{2}(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{4}|\d{6})?)?(?!\d)
    | (?<![\d.])(?:0?[1-9]|1[0-2])[.\-](?:0?[1-9]|[12]\d|3[01])(?![\d.])
    | (?<!\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)                # 0603
    | 截至|截止
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN_SHEET = re.compile(r"^(?:sheet|工作表|表)?\d*$")
_EDGES = re.compile(r"[\s_\-—–.。,，、~()（）\[\]【】]+")


def list_title(source: str) -> str:
    """The name of a list without date, version and marks of a copy; the file's name where nothing else is in it."""
    stem = unicodedata.normalize("NFKC", PurePath(source).stem)
    return _EDGES.sub(" ", _MARKS.sub(" ", stem)).strip() or stem.strip()


def list_key(source: str, sheet: str = "", sender: str = "") -> str:
    """What is the same for the same list tomorrow: who sends it, where the list says so (sixty units send 问题清单.xlsx), its name, and that of its sheet
    unless that is a date or the program's own Sheet1."""
    bare = _EDGES.sub("", _MARKS.sub(" ", unicodedata.normalize("NFKC", sheet))).lower()
    name = _EDGES.sub("", f"{unicodedata.normalize('NFKC', sender)} {list_title(source)}").lower()
    return f"{name}/{'' if _PLAIN_SHEET.match(bare) else bare}"
