"""Who is responsible where, for the open project: the rules read once, and points put elsewhere with what that means for their unit (decision 0005)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.values import GEOMETRY
from chuangwen.domain.why_not import what
from chuangwen.errors import UserError
from chuangwen.services.assigning import Placed, placed, where_it_lies
from chuangwen.services.responsibility import Resolver
from chuangwen.text import _
from chuangwen.ui.notices import Question

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from chuangwen.domain.change import Edit
    from chuangwen.domain.feature import Feature
    from chuangwen.domain.layer import Layer
    from chuangwen.ui.session import Session


_TOLD = 5


class Owners:
    """Belongs to a session. Read anew when anything changed that the rules look at, and with each opening."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._resolver: Resolver | None = None
        session.closed.connect(self.forget)

    def forget(self) -> None:
        """Read the rules anew at the next look."""
        self._resolver = None

    def resolver(self) -> Resolver:
        """The rules over the project as it is now. Raises `UserError` where the project's own rule file has a mistake."""
        project = self._session.project
        assert project is not None
        day = project.campaign.today
        if self._resolver is None or not self._resolver.is_current(project, day):
            self._resolver = Resolver(project, day)
        return self._resolver

    def tip(self, issue: Feature) -> str | None:
        """Who is responsible for an issue by the rules, and why nobody else, in a few lines; None where the rule file has a mistake."""
        try:
            found = self.resolver().of_issue(issue)
        except UserError:
            return None
        layer = self.resolver().view.layers["issue"]
        head = f"{found.unit}（{layer.field('unit_basis').show(found.basis)}）" if found.unit else _("没有责任单位（待指定）")
        losers = [_("不是 {unit}：{why}").format(unit=one.unit or what(one), why=one.why_not) for one in found.losers[:_TOLD]]
        return "\n".join([_("按规则：{head}").format(head=head), *losers])

    def add(self, edit: Edit, source: object = None, done: Callable[[], None] | None = None) -> None:
        """Write an edit that adds something; a new issue is told what it lies in."""
        try:
            edit = where_it_lies(edit, self.resolver())
        except UserError as error:
            self._session.noticed.emit(error)
        self._session.commit(edit, source, done)

    def put(self, layer: Layer, feature: Feature, geometry: BaseGeometry, source: object = None, done: Callable[[], None] | None = None) -> None:
        """Put a feature at another place. Where an active assignment does not fit the new place the user is asked; nothing changes before he answers."""
        session = self._session
        project = session.project
        if project is None:
            return
        try:
            moved = placed(project, layer, feature, geometry, self.resolver() if layer.id == "issue" else None)
        except UserError as error:  # a mistake in the rule file keeps nobody from moving a point
            session.noticed.emit(error)
            moved = Placed(edits.place(layer, feature, geometry))

        def written() -> None:
            if done is not None:
                done()
            if moved.said:
                session.noticed.emit(self._question(feature, moved) if moved.consent is not None else f"{feature.code}：{moved.said}。")

        session.commit(moved.edit, source, done=written)

    def _question(self, feature: Feature, moved: Placed) -> Question:
        consent = moved.consent
        assert consent is not None
        words = _("{code} 已移动。{said}。").format(code=feature.code, said=moved.said)
        change = _("改为{unit}").format(unit=moved.proposed)

        def agreed() -> None:
            """Only while the issue still lies where the question was asked about: it may have been moved back meanwhile."""
            project = self._session.project
            now = project.features(feature.layer).feature(feature.id) if project is not None else None
            if now is not None and now.geometry == (moved.edit.changes[0].after or {}).get(GEOMETRY):
                self._session.commit(consent)

        return Question(words, ((_("保持"), None), (change, agreed)))
