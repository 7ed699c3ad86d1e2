"""What stands about a list rather than in it: its title, 附件1, 填报单位, 填报时间, 填表人."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chuangwen.exchange.headers import Header, one_line
from chuangwen.exchange.sheets import Sheet, text_of
from chuangwen.text import _

_PAIR = re.compile(
    r"(?P<key>[^\s：:，。；]{1,4}(?:[ \u3000]?[^\s：:，。；\d]){0,6})[ \u3000]*[：:][ \u3000]*(?P<value>.*?)(?=[\s\u3000]+[^\s：:，。；]{2,8}[ \u3000]*[：:]|$)"
)
_ATTACHMENT = re.compile(r"^附\s*[件表]\s*[\d一二三四五六七八九十]*\s*[：:]?$")


def read_meta(sheet: Sheet, header: Header) -> dict[str, str]:
    """Key → text from the lines above the header. The longest text without a colon is the title."""
    rows: list[list[str]] = [[line] for line in sheet.above]
    rows += [[text for cell in sheet.cells[row] if (text := text_of(cell))] for row in range(header.top)]
    return meta_of(rows)


def meta_of(rows: Iterable[list[str]]) -> dict[str, str]:
    """Key → text of lines such as `填报单位：区创建办　　填报时间：2024年6月3日`; a value may stand in the cell behind its key."""
    meta: dict[str, str] = {}
    titles: list[str] = []
    for texts in rows:
        waiting = ""
        for text in texts:
            if _ATTACHMENT.match(text):
                meta.setdefault(_("附件"), one_line(text).rstrip("：:"))
            elif pairs := pairs_of(text):
                meta |= {key: value for key, value in pairs.items() if value or key not in meta}
                waiting = next((key for key, value in pairs.items() if not value), "")
            elif waiting:
                meta[waiting], waiting = text, ""
            else:
                titles.append(text)
    if titles:
        meta = {_("标题"): one_line(max(titles, key=len)), **meta}
    return meta


def pairs_of(text: str) -> dict[str, str]:
    """`键：值` pairs in one text; {} where there are none."""
    return {re.sub(r"\s", "", found["key"]): found["value"].strip() for line in text.splitlines() for found in _PAIR.finditer(line.strip())}
