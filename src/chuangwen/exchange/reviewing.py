"""The questions that a list raises when it meets what the project holds. Each has an answer that loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.text import _

KEEP, TAKE, NEW, MERGE, NOTE = "keep", "take", "new", "merge", "note"
CONFLICTS, DUPLICATES, FOREIGN, DELETED, GONE = "conflicts", "duplicates", "numbers", "deleted", "gone"
"""Keys of the questions about all rows of a kind; `conflict:<code>` and `duplicate:<row>` are those about one."""
_SHOWN = 30  # characters of a text in a question


def conflict_key(code: str) -> str:
    """The key of the question about one feature."""
    return f"conflict:{code}"


def _which() -> tuple[Answer, Answer]:
    return Answer(KEEP, _("保留现有"), _("核查和本项目中的修改不动")), Answer(TAKE, _("采用名单"), _("按名单改，可撤销"))


def takes(code: str, answers: Answers) -> bool:
    """Whether the user wants the list's word on one feature, or on all that are in conflict."""
    both = _which()
    return settled(conflict_key(code), answers, both, settled(CONFLICTS, answers, both, KEEP)) == TAKE


def conflicts(count: int, rows: Sequence[int], answers: Answers) -> Doubt:
    """One question about all rows where the list and the project have both changed."""
    both = _which()
    question = _("{count} 条在名单和本项目中都改过，而且改得不一样。以哪个为准？").format(count=count)
    return Doubt(CONFLICTS, question, both, settled(CONFLICTS, answers, both, KEEP), tuple(rows))


def conflict(code: str, what: str, row: int, answers: Answers) -> Doubt:
    """The question about one of them. `what`: the fields, as people read them."""
    question = _("{code}：{what}。以哪个为准？").format(code=code, what=what)
    return Doubt(conflict_key(code), question, _which(), TAKE if takes(code, answers) else KEEP, (row,))


def duplicates_all(count: int, answers: Answers) -> Doubt:
    """One question about all rows that read like something the project has from elsewhere."""
    possible = (
        Answer(NEW, _("都作为新的导入"), _("两份名单的都保留")),
        Answer(MERGE, _("都并入最像的一条"), _("来源编号都保留，空着的内容用名单补上")),
    )
    question = _("{count} 条与已有的记录疑似重复。怎么处理？").format(count=count)
    return Doubt(DUPLICATES, question, possible, settled(DUPLICATES, answers, possible, NEW))


def duplicate(key: str, row: int, text: str, offered: Sequence[tuple[str, str]], every: Doubt, answers: Answers) -> Doubt:
    """The question about one of them: new, or one of the `offered` (code, text)."""
    merges = tuple(Answer(code, _("并入 {code}").format(code=code), other) for code, other in offered)
    possible = (Answer(NEW, _("作为新的一条"), ""), *merges)
    otherwise = offered[0][0] if every.chosen == MERGE else NEW
    question = _("第 {row} 行“{text}”像是 {code}“{other}”，是同一条吗？").format(row=row, text=_short(text), code=offered[0][0], other=_short(offered[0][1]))
    return Doubt(key, question, possible, settled(key, answers, possible, otherwise), (row,))


def foreign_numbers(rows: tuple[int, ...], answers: Answers) -> Doubt:
    """Short numbers that this project knows from another list, for other issues."""
    possible = (
        Answer(NEW, _("是另外的问题，另给编号"), _("名单上的编号记入来源编号")),
        Answer(TAKE, _("就是同一编号的问题"), _("按名单更新原来的问题")),
    )
    question = _("{count} 条的编号与别的名单相同，但地点和内容都不同。是同一问题吗？").format(count=len(rows))
    return Doubt(FOREIGN, question, possible, settled(FOREIGN, answers, possible, NEW), rows)


def deleted_here(rows: tuple[int, ...], answers: Answers) -> Doubt:
    """Rows that were imported once and deleted here since."""
    possible = Answer(KEEP, _("不再导入"), _("保持删除")), Answer(TAKE, _("重新导入"), _("作为新的一条加入"))
    question = _("名单中有 {count} 条已在本项目中删除。还要吗？").format(count=len(rows))
    return Doubt(DELETED, question, possible, settled(DELETED, answers, possible, KEEP), rows)


def gone(count: int, today: dt.date, answers: Answers) -> Doubt:
    """Features that the former list had and this one has not."""
    possible = Answer(KEEP, _("保持不动"), ""), Answer(NOTE, _("在备注中记一笔"), gone_note(today))
    question = _("上次名单中的 {count} 条这次没有了。怎么处理？").format(count=count)
    return Doubt(GONE, question, possible, settled(GONE, answers, possible, KEEP))


def gone_note(today: dt.date) -> str:
    """What goes to 备注 of such a feature."""
    return _("{month}月{day}日名单中已无此条").format(month=today.month, day=today.day)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
