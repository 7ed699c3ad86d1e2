"""The words on screen, through gettext. The msgid is the Chinese sentence, so that code reads as the screen does.

`_("已导入 {count} 条记录").format(count=n)`: no f-string inside `_()`, no sentence glued from pieces.
"""

from __future__ import annotations

import gettext
from pathlib import Path

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(locale_dir: Path, language: str) -> None:
    """Switch to `language` (`zh_CN` needs no catalogue). An unknown language falls back to Chinese."""
    global _catalogue  # noqa: PLW0603 - the language is one per process, as gettext's own install() has it
    _catalogue = gettext.translation("chuangwen", localedir=str(locale_dir), languages=[language], fallback=True)


def _(message: str) -> str:
    """The translation of a Chinese sentence into the language in use."""
    return _catalogue.gettext(message)
