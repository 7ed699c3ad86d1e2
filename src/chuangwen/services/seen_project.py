"""A project as one kind of reader sees it, for sheets of paper: they ask for layers and fields by name and get what that reader may know (decision 0070)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.domain.audience import Audience, blanked
from chuangwen.exchange.web.scan import Leak, refusal, scan_table
from chuangwen.services.audiences import audience
from chuangwen.services.personal_names import names_of
from chuangwen.services.project import Project
from chuangwen.services.web_map import WebOptions, check_options, page_words, public_act
from chuangwen.services.web_subject import subject_of, whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chuangwen.domain.feature import Features


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a sheet, as a plain value that another process understands: the audience's id, and what was said besides (as in `WebOptions`)."""

    id: str
    masked: bool = False
    unit: str = ""
    review_number: str = ""
    consent: bool = False


class SeenProject(Project):
    """The project with nothing in it but what the reader sees. It shares the file with `own` and is only read.

    `note`: for the foot of its sheets; `mark`: beside the title ('': as the office has it).
    """

    def __init__(self, own: Project, reader: Reader) -> None:
        super().__init__(own.store, own.path, own.actor, own.role)
        self._own = own
        shipped = audience(reader.id, own.files_folder)
        self._audience = shipped.with_masks() if reader.masked else shipped
        options = WebOptions(masked=reader.masked, review_number=reader.review_number, consent=reader.consent)
        check_options(self._audience, options, own.campaign.today)
        self._subject = subject_of(own, self._audience, {"unit": reader.unit}) if reader.unit or self._audience.subject == "unit" else whole(own)
        self._kept: dict[str, tuple[Features, Features]] = {}
        words = page_words(own, self._audience, self._subject, options)
        self.note = " ".join(note.format(**words) for note in self._audience.notes)
        self.mark = self._audience.title if self._audience.needs_consent else ""
        if self._audience.is_scanned:
            leaks = leaks_in(own, self._audience, [self.features(layer) for layer in own.layers])
            if leaks:
                raise refusal(leaks)

    def features(self, layer: str) -> Features:
        """The features of a layer that the reader sees, what is not seen of them empty. Made once for each state of the project."""
        source = self._own.features(layer)
        kept = self._kept.get(layer)
        if kept is None or kept[0] is not source:
            mine = self._audience.rows(source)
            if self._subject.feature is not None:
                mine &= self._subject.rows(source)
            kept = self._kept[layer] = source, blanked(source.take(mine), self._audience)
        return kept[1]


def seen(project: Project, reader: Reader | None) -> Project:
    """The project for a reader; None: for the office itself, as it is. Raises `UserError` as `check_options` and `subject_of` do."""
    if reader is None or isinstance(project, SeenProject):
        return project
    return SeenProject(project, reader)


def note_public(project: Project, reader: Reader | None, files: Sequence[Path], count: int) -> None:
    """Put on record that sheets were written for the public; nothing for other readers. Where that fails the files are taken away."""
    if reader is None or not audience(reader.id, project.files_folder).needs_consent:
        return
    act = public_act(project, audience(reader.id, project.files_folder), [one.name for one in files], WebOptions(review_number=reader.review_number), count)
    try:
        project.apply(act)
    except BaseException:
        for one in files:
            one.unlink(missing_ok=True)
        raise


def leaks_in(project: Project, reader: Audience, several: list[Features]) -> list[Leak]:
    """Telephones, identity numbers and names that stand in features as a reader sees them."""
    names = names_of(project, reader)
    found: list[Leak] = []
    for features in several:
        layer = features.layer
        codes = [str(code or name or "") for code, name in zip(features.column("code"), features.column("name"), strict=True)]
        texts = [list(map(one.show, features.column(one.name))) for one in layer.fields]
        found += scan_table(layer.title, codes, [one.title for one in layer.fields], texts, names)
    return found
