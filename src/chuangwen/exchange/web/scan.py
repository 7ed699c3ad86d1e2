"""The finished content of a page looked through once more before it goes out: telephones, identity numbers, names of the project's people (domain.md 7.8).

What a reader may see was chosen field by field; what people wrote into free text was not. So the last look is at the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chuangwen.domain.personal import TITLES, Found, Names, found_in
from chuangwen.errors import DataProblem
from chuangwen.exchange.web.content import WebLayer, WebPage
from chuangwen.text import _

_TOLD = 8
"""So many places are named in the refusal."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something personal that would go out: in which layer, feature (position in its layer, -1: the page's own words) and field."""

    layer: str
    position: int
    feature: str
    field: str
    found: Found

    @property
    def sentence(self) -> str:
        """Where it stands and what it is."""
        where = " ".join(word for word in (self.layer, self.feature) if word)
        return _("{where}的“{field}”里有{kind}（{hint}）").format(where=where, field=self.field, kind=TITLES[self.found.kind], hint=self.found.hint)


def scan(page: WebPage, names: Names | None = None) -> list[Leak]:
    """All that stands in the words of a page: pop-ups, titles, labels, what is searched, legend, heading and foot; each place once."""
    return [*_own_words(page, names), *(leak for layer in page.layers for leak in _of_layer(layer, names))]


def scan_table(layer: str, codes: Sequence[str], titles: Sequence[str], columns: Sequence[Sequence[str]], names: Names | None = None) -> list[Leak]:
    """The same for a list that is exported: `columns` of texts, `titles` of the columns, `codes` of the rows."""
    return [
        Leak(layer, at, codes[at], title, found)
        for title, column in zip(titles, columns, strict=True)
        for at, text in enumerate(column)
        for found in found_in(text, names)[:1]
    ]


def refusal(leaks: Sequence[Leak], hint: str = "") -> DataProblem:
    """Why nothing was written: the first places by layer, feature and field, and what to do."""
    told = "；".join(leak.sentence for leak in leaks[:_TOLD])
    more = _("；等共 {count} 处").format(count=len(leaks)) if len(leaks) > _TOLD else ""
    remedy = hint or _("请在这些记录里改掉这些字，再导出。")
    return DataProblem(_("没有写公开文件：{told}{more}。").format(told=told, more=more), hint=remedy)


def _own_words(page: WebPage, names: Names | None) -> Iterator[Leak]:
    subject = page.patrol.subject if page.patrol is not None else ""
    words = ((_("标题"), page.title), (_("副标题"), page.subtitle), (_("制图单位"), page.producer), (_("水印"), page.watermark), (_("巡查对象"), subject))
    notes = ((_("页脚"), note) for note in page.notes)
    hints = ((_("查找提示"), word) for word in page.search_words)
    for title, text in (*words, *notes, *hints):
        for found in found_in(text, names)[:1]:
            yield Leak(_("网页"), -1, "", title, found)


def _of_layer(layer: WebLayer, names: Names | None) -> Iterator[Leak]:
    for kind in layer.kinds:
        for found in found_in(kind.title, names)[:1]:
            yield Leak(layer.title, -1, "", _("图例"), found)
    texts: dict[str, bool] = {}
    """The same words stand in many features (the name of a unit, a state): each is looked at once."""

    def clean(text: str) -> bool:
        if text not in texts:
            texts[text] = not found_in(text, names)
        return texts[text]

    for at in range(len(layer.ids)):
        seen = False
        name = layer.titles[at]
        for column, text in zip(layer.columns, layer.values[at], strict=True):
            if text and not clean(text):
                seen = True
                yield Leak(layer.title, at, name, column.title, found_in(text, names)[0])
        others = ((_("名称"), name), (_("标注"), layer.labels[at] if layer.labels else ""), (_("查找"), layer.keys[at] if layer.keys else ""))
        for title, text in others:
            if not seen and text and not clean(text):
                yield Leak(layer.title, at, name, title, found_in(text, names)[0])
                break
