"""What is staged becomes orders: first how many and what is in the way, then, asked again, the files and the moves in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.domain.values import LIST_MARK
from chuangwen.errors import UserError
from chuangwen.render.documents import illustrator
from chuangwen.services.order_draft import OrderDraft, Request
from chuangwen.services.order_issuing import Issued, issue_orders
from chuangwen.services.orders import plan
from chuangwen.text import _

if TYPE_CHECKING:
    from pathlib import Path

    from chuangwen.progress import Progress
    from chuangwen.services.project import Project

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """Orders that can be written, and for those that cannot unit and reason."""

    drafts: tuple[OrderDraft, ...] = ()
    stopped: tuple[str, ...] = ()

    @property
    def issues(self) -> int:
        """How many issues the orders hand over."""
        return sum(len(draft.lines) for draft in self.drafts)

    @property
    def words(self) -> str:
        """What will be written and what not, in numbers."""
        said = ""
        if self.drafts:
            numbers = self.drafts[0].code if len(self.drafts) == 1 else _("{first} 至 {last}").format(first=self.drafts[0].code, last=self.drafts[-1].code)
            said = _("将写出 {count} 份交办单，交办 {issues} 件，文号 {numbers}。").format(count=len(self.drafts), issues=self.issues, numbers=numbers)
        if self.stopped:
            more = _("等") if len(self.stopped) > _NAMED else ""
            reasons = LIST_MARK.join(self.stopped[:_NAMED]) + more
            said += _("{count} 个单位的还不能开：{reasons}。").format(count=len(self.stopped), reasons=reasons)
        return said


def planned(project: Project, ids: Sequence[str]) -> Planned:
    """The 交办单 of the staged issues, one a unit; the numbers of those that can be written follow each other. Raises `UserError`."""
    issues = [one for one in map(project.features("issue").feature, ids) if one is not None]
    if not issues:
        raise UserError(_("还没有可以开单的问题。"), hint=_("先用 Enter 接受单位和时限。"))
    request = Request("work")
    drafts = plan(project, request, issues)
    stopped = tuple(_("{unit}（{reason}）").format(unit=one.unit, reason=one.problems[0]) for one in drafts if one.problems)
    good = [one for one in drafts if not one.problems]
    if stopped and good:
        good = plan(project, request, [line.issue for one in good for line in one.lines])
    return Planned(tuple(good), stopped)


def dispatched(project: Project, drafts: Sequence[OrderDraft], folder: Path, progress: Progress) -> list[Issued]:
    """Write the orders with their map pictures to `folder`, then numbers, rows and moves. Raises as `issue_orders` does."""
    return issue_orders(project, drafts, folder, illustrator(project), progress)
