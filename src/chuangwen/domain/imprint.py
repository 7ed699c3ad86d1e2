"""What an office has printed on every sheet: its heading, its name, its logo, the foot and the mark (domain.md 6.1)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePosixPath

from chuangwen.errors import RuleBroken
from chuangwen.text import _

LONGEST = {"heading": 40, "office": 30, "footer": 60, "mark": 12}
"""Characters that fit on the narrowest sheet."""
_TITLES = {"heading": _("抬头"), "office": _("制图单位"), "footer": _("页脚"), "mark": _("密级标注"), "logo": _("标志")}


@dataclass(frozen=True, slots=True)
class Imprint:
    """`heading`: above the title of a sheet; `office`: who issues it ('': the project's office); `logo`: path below the project's folder of files, '' none;
    `footer`: on every page; `mark`: 密级 or 内部 mark beside the title, '' none.
    """

    heading: str = ""
    office: str = ""
    logo: str = ""
    footer: str = field(default_factory=lambda: _("内部资料 注意保管"))
    mark: str = ""

    def checked(self) -> Imprint:
        """Itself, blanks at the ends taken off. Raises `RuleBroken` with a reason for each field that cannot be printed."""
        tidy = replace(self, **{one.name: getattr(self, one.name).strip() for one in fields(self)})
        reasons = {}
        for name, most in LONGEST.items():
            words: str = getattr(tidy, name)
            if len(words) > most:
                reasons[name] = _("{title}最多 {most} 个字，现在 {count} 个。").format(title=_TITLES[name], most=most, count=len(words))
            elif any(unicodedata.category(one) in ("Cc", "Zl", "Zp") for one in words):
                reasons[name] = _("{title}只能写一行。").format(title=_TITLES[name])
        path = PurePosixPath(tidy.logo)
        if tidy.logo and (path.is_absolute() or ".." in path.parts or "\\" in tidy.logo or ":" in tidy.logo):
            reasons["logo"] = _("标志图片要放在项目的文件夹里。")
        if reasons:
            raise RuleBroken(_("打印设置不能这样保存。"), reasons)
        return tidy
