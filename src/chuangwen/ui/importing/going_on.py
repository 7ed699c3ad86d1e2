"""The steps, and what the one large button means at each: whether it can be pressed and what stands on it."""

from __future__ import annotations

from dataclasses import dataclass

from chuangwen.exchange.doubts import Unanswered
from chuangwen.text import _
from chuangwen.ui.importing.looking import Look, Refused, Wish
from chuangwen.ui.importing.questions import unanswered
from chuangwen.ui.importing.review_lines import kind_asked

FILE, FOUND, REVIEW, DONE = range(4)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the dialog stands. `busy`: it reads or writes; `more`: files wait in the queue."""

    step: int
    wish: Wish | None
    look: Look | None
    refused: Refused | None
    busy: bool
    more: bool

    @property
    def reads_again(self) -> bool:
        """Whether the button begins to read what was given up."""
        return self.step == FILE and self.wish is not None and self.look is None and self.refused is None and not self.busy

    @property
    def may_go_on(self) -> bool:
        """Whether the button can be pressed: what is shown is what was asked for, and no question waits."""
        if self.busy or self.step == DONE or self.reads_again:
            return not self.busy
        if self.look is None:
            return self.step == FILE and self.refused is not None and isinstance(self.refused.error, Unanswered)
        if self.wish != self.look.wish:
            return False
        plan = self.look.prepared.plan
        waiting = unanswered(plan.report.doubts, self.look.wish.answers)
        waits = any(self.step == REVIEW or not kind_asked(one.key) for one in waiting)
        if self.step == REVIEW:
            return not waits and (bool(plan.edit) or plan.report.unchanged > 0)
        return not waits or self.step == FILE

    @property
    def words(self) -> str:
        """What stands on the button."""
        if self.step == REVIEW and self.look is not None:
            plan = self.look.prepared.plan
            count = plan.report.added + plan.report.changed
            if plan.edit:
                return _("导入 {count} 条(&N)").format(count=count) if count else _("导入(&N)")
            return _("没有变化，完成(&N)")
        if self.step == DONE:
            return _("下一个文件(&N)") if self.more else _("再导入一个(&N)")
        return _("重新读取(&N)") if self.reads_again else _("下一步(&N)")
