"""What section titles and sheet names name: streets, communities, units, days. Told by how they end, so that they go into the right field."""

from __future__ import annotations

import re
from collections.abc import Iterable

_KINDS = (
    (("街道", "所属街道"), re.compile(r"(?:街道|街道办|街道办事处|镇|乡|管委会|园区|开发区)$")),
    (("社区", "所属社区"), re.compile(r"(?:社区|村|居委会)$")),
    (("责任单位",), re.compile(r"(?:局|委|办|中心|公司|集团|大队|支队|中队|队|所|院|学校|中学|小学|医院|银行|部|处|站|分局|联|会)$")),
    (
        ("日期", "发现时间", "检查时间"),
        re.compile(
            r"^(?:\d{2,4}[年.\-/])?\d{1,2}[月.\-/]\d{1,2}[日号]?$|^\d{8}$|^\d{4}$|^\d{1,2}月$|^\d{1,2}[日号]$|^(?:星期|周)[一二三四五六日天]$|^第.{1,3}[周天日]$"
        ),
    ),
)
_SPARE = re.compile(r"备份|副本|旧|样表|样例|示例|模板|说明|草稿|copy|封面|目录|字典|选项|作废", re.IGNORECASE)
_SUMMARY = re.compile(r"汇总|总表|合计|全区|全市|全县|总台账|总清单")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]|\d+$")


def headers_for(titles: Iterable[str]) -> tuple[str, ...]:
    """The headers that a column of these titles would have; () where they are not all of one kind."""
    bare = {_BRACKETED.sub("", title).strip() or title.strip() for title in titles if title}
    full = {title.strip() for title in titles if title}
    for names, pattern in _KINDS:
        if full and (all(pattern.search(title) for title in full) or all(pattern.search(title) for title in bare)):
            return names
    return ()


def name_parts_of_one_list(names: Iterable[str]) -> bool:
    """Whether sheets of these names are one list cut by street, unit or day. Streets and units may stand side by side: 文昌街道, 城管局."""
    known = list(names)
    kinds = [any(pattern.search(_BRACKETED.sub("", name).strip() or name) or pattern.search(name.strip()) for _names, pattern in _KINDS) for name in known]
    return len(known) > 1 and all(kinds)


def without_serial(name: str) -> str:
    """A sheet's name without the number that keeps it in order: 01东风街道. Days keep theirs."""
    return re.sub(r"^\d+[.、．\-_ ]*(?=[^\d月日号年.\-/])", "", name.strip())


def is_spare(name: str) -> bool:
    """Whether a sheet calls itself a copy, a sample or a cover."""
    return _SPARE.search(name) is not None


def is_summary(name: str) -> bool:
    """Whether a sheet calls itself the whole of what the others are parts of."""
    return _SUMMARY.search(name) is not None
