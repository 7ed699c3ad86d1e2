"""The same words of a file in each encoding that was weighed, side by side: whoever reads Chinese sees which is right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chuangwen.exchange.incoming import Candidate
from chuangwen.text import _
from chuangwen.ui.parts import button, card, emptied, restyle, scrolled, words

_NAMES = {
    "gb18030": _("国标码 GB18030"),
    "gbk": _("国标码 GBK"),
    "cp936": _("国标码 GBK"),
    "gb2312": _("国标码 GB2312"),
    "utf-8": _("UTF-8"),
    "big5": _("繁体 Big5"),
    "utf-16": _("UTF-16"),
    "cp1252": _("西文"),
    "iso-8859-1": _("西文"),
}
_CHOICES = ("GB18030", "UTF-8", "Big5")
_SAMPLES, _MOST = 6, 4
_LONG = 24


class EncodingView(QWidget):
    """Candidates as cards. `chosen` gives the name of an encoding, or `auto`; `left` asks for the way back."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, object] = {}
        self.back = button(_("返回(&R)"))
        self.back.clicked.connect(self.left)
        self.auto = button(_("让程序自己判断(&A)"))
        self.auto.clicked.connect(lambda: self.chosen.emit("auto"))
        top = QHBoxLayout()
        top.addWidget(words(_("哪一栏的字读得通，就用哪一种"), "title"), 1)
        top.addWidget(self.auto)
        top.addWidget(self.back)
        self._cards = QHBoxLayout()
        self._cards.setSpacing(12)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.addLayout(self._cards)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 16, 22, 12)
        page.setSpacing(12)
        page.addLayout(top)
        page.addWidget(words(_("文件里没有写明或写错文字编码时，同样的字节可以读成几种样子。"), "dim"))
        page.addWidget(scrolled(inside), 1)

    def show_candidates(self, candidates: Sequence[Candidate], used: str) -> None:
        """Side by side; where none were weighed the usual ones are offered by name."""
        emptied(self._cards)
        self.buttons = {}
        weighed = list(candidates[:_MOST]) or [Candidate(name, 0.0, (), chosen=_same(name, used)) for name in _CHOICES]
        for one in weighed:
            self._cards.addWidget(self._card(one, is_used=one.chosen), 1)

    def _card(self, one: Candidate, *, is_used: bool) -> QWidget:
        frame, column = card((16, 14, 16, 14), 6)
        restyle(frame, "chosen", is_used)
        column.addWidget(words(title_of(one.name), "heading"))
        told = [_("现在用的") if is_used else "", _("文件自己写的") if one.declared else ""]
        sure = _("像中文的程度 {share:.0%}").format(share=one.score) if one.score > 0 else _("读不通") if one.samples else ""
        column.addWidget(words("　".join(part for part in (*told, sure) if part), "dim"))
        column.addSpacing(6)
        for sample in one.samples[:_SAMPLES]:
            line = " ".join(sample.split())
            label = words(line if len(line) <= _LONG else line[: _LONG - 1] + "…")
            label.setStyleSheet("font-size: 15px;")
            column.addWidget(label)
        if not one.samples:
            column.addWidget(words(_("没有可以比较的字"), "dim"))
        column.addSpacing(8)
        column.addStretch(1)
        choose = button(_("正在用") if is_used else _("就用这一种"))
        choose.setEnabled(not is_used)
        choose.clicked.connect(lambda: self.chosen.emit(one.name))
        self.buttons[one.name] = choose
        column.addWidget(choose)
        return frame


def title_of(name: str) -> str:
    """An encoding as people know it."""
    return _NAMES.get(name.lower(), name)


def _same(name: str, other: str) -> bool:
    return name.lower().replace("-", "") == other.lower().replace("-", "")
