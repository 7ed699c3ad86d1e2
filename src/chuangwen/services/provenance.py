"""Where features came from: the imports of a project, what each brought, how two of them differ, and taking one back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chuangwen.domain.change import Step
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import GEOMETRY, Scalar, plain
from chuangwen.errors import Conflict, DataProblem, UserError
from chuangwen.exchange.outlines import same_signature
from chuangwen.exchange.three_way import same
from chuangwen.services.project import Project
from chuangwen.store.base import ImportRecord, Source, SourceRows
from chuangwen.text import _

_TOLD = 50
"""So many rows are named with what was done to them since."""


def as_json(record: ImportRecord) -> dict[str, Any]:
    """An import as the command line prints it."""
    return {
        "id": record.id,
        "layer": record.layer,
        "file": record.file,
        "sheet": record.sheet,
        "sha256": record.sha256,
        "at": record.at,
        "profile": record.profile,
        "list": record.list_key,
        "read": record.read,
        "added": record.added,
        "changed": record.changed,
        "unchanged": record.unchanged,
        "rejected": record.rejected,
        "encoding": {"name": record.encoding, "evidence": record.encoding_evidence},
        "crs": {"code": record.crs or None, "evidence": record.crs_evidence},
        "answers": dict(record.answers),
        "undone": record.undone,
    }


def looked_up(project: Project, word: str = "", compare: Sequence[str] = ()) -> tuple[dict[str, Any], list[str]]:
    """What `imports` answers, as JSON and as lines for people: all imports, one with its rows (`word`), or how two differ (`compare`)."""
    if compare:
        found = compare_imports(project, *(find_import(project, one) for one in compare))
        lines = []
        for entry in found["changed"]:
            lines.append(f"{entry['code']} {entry['name']}")
            lines += [f"      {title}：{old or _('空')} → {new or _('空')}" for title, (old, new) in entry["fields"].items()]
        for key, sentence in (("only_first", _("只在前一份：第 {row} 行 {code} {name}")), ("only_second", _("只在后一份：第 {row} 行 {code} {name}"))):
            lines += [sentence.format(**entry) for entry in found[key]]
        return found, [*lines, _("相同 {count} 条。").format(count=found["same"])]
    if word:
        record = find_import(project, word)
        rows = rows_of(project, record)
        return as_json(record) | {"rows": rows}, [sentence_of(record), *(_("第 {row} 行  {code}  {name}").format(**row) for row in rows)]
    records = project.store.imports()
    return {"imports": [as_json(record) for record in records]}, [sentence_of(record) for record in records]


def sentence_of(record: ImportRecord) -> str:
    """An import in one line."""
    counts = {name: getattr(record, name) for name in ("read", "added", "changed", "unchanged", "rejected")}
    sentence = _("{id}  {at}  {file}：读取 {read}，新增 {added}，更新 {changed}，不变 {unchanged}，未导入 {rejected}").format(
        id=record.id[-8:], at=plain(record.at), file=record.file, **counts
    )
    return _("{sentence}（已撤销）").format(sentence=sentence) if record.undone else sentence


def find_import(project: Project, word: str) -> ImportRecord:
    """The import of an id, or of the beginning or end of one. Raises `UserError` where there is none or more than one."""
    records = project.store.imports()
    found = [record for record in records if record.id == word] or [record for record in records if word and record.id.startswith(word)]
    found = found or [record for record in records if word and record.id.endswith(word)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(_("编号“{word}”对应 {count} 次导入。").format(word=word, count=len(found)), hint=_("请多给几位。"))
    raise UserError(_("没有编号为“{word}”的导入。").format(word=word), hint=_("用 imports 命令查看全部导入。"))


def rows_of(project: Project, record: ImportRecord) -> list[dict[str, Any]]:
    """What each taken row of an import became: row, part, sheet, number, id, code, name; code and name are empty where the feature is gone."""
    said, features = project.store.source_rows(record.id), _features(project, record.layer)
    return [_place(said, at, record) | _known(features, said.ids[at]) for at in range(len(said))]


def sources_of(project: Project, layer: Layer, feature: Feature) -> list[dict[str, Any]]:
    """The rows of files that a feature came from or was compared with, newest first."""
    return [source_json(source) for source in project.store.sources(layer.id, feature.id)]


def source_json(source: Source) -> dict[str, Any]:
    """One of them: file, sheet, row, part, number, and the import."""
    record = source.record
    place = {"sheet": source.sheet, "row": source.row, "part": source.part, "number": source.number}
    return {"file": record.file, **place, "at": record.at, "profile": record.profile, "import": record.id, "sha256": record.sha256, "undone": record.undone}


def source_sentence(source: dict[str, Any]) -> str:
    """One of them for people."""
    sheet = _("“{sheet}”").format(sheet=source["sheet"]) if source["sheet"] else ""
    part = _("之 {part}").format(part=source["part"]) if source["part"] else ""
    sentence = _("{file}{sheet} 第 {row} 行{part}，{at} 导入").format(file=source["file"], sheet=sheet, row=source["row"], part=part, at=plain(source["at"]))
    return _("{sentence}（已撤销）").format(sentence=sentence) if source["undone"] else sentence


def undo_import(project: Project, record: ImportRecord) -> Step:
    """Take an import back. Raises `DataProblem` with the rows on which somebody has built since; then nothing is changed."""
    step = project.store.step_of(record.id)
    if step is None:
        word = _("{file} 的导入已经撤销。") if record.undone else _("{file} 的导入没有改动任何记录，不用撤销。")
        raise UserError(word.format(file=record.file))
    try:
        return project.undo_import(record.id)
    except Conflict as conflict:
        rows = _built_on(project, record, step)
        raise DataProblem(
            _("不能撤销 {file} 的导入：其中 {count} 条后来又改过。").format(file=record.file, count=len(rows) or 1),
            conflict.hint or _("请先撤销后来的修改，或逐条修改、删除。"),
            rows,
        ) from conflict


def _built_on(project: Project, record: ImportRecord, step: Step) -> dict[int, str]:
    """Row of the source → what was done since to what it brought."""
    mine = project.store.touched_by(step.number).get(record.layer, set())
    later = project.store.touched_since(step.number).get(record.layer, set()) & mine
    said, features = project.store.source_rows(record.id), _features(project, record.layer)
    found: dict[int, str] = {}
    for at, row_id in enumerate(said.ids):
        if row_id in later and len(found) < _TOLD:
            last = next((one.step for one in project.store.row_steps(record.layer, row_id)), step)
            code = _known(features, row_id)["code"] or _("已删除")
            found[said.rows[at]] = _("{code}：{label}（{by}，{at}）").format(code=code, label=last.label, by=last.by, at=plain(last.at))
    return found


def compare_imports(project: Project, one: ImportRecord, other: ImportRecord) -> dict[str, Any]:
    """How what two imports said of the same features differs: `changed`, `only_first`, `only_second`, and how many said the same."""
    if one.layer != other.layer:
        raise UserError(_("这两次导入不是同一图层，不能比较。"))
    layer, features = project.layers[one.layer], _features(project, one.layer)
    first, second = project.store.source_rows(one.id), project.store.source_rows(other.id)
    here, there = ({row_id: at for at, row_id in enumerate(some.ids)} for some in (first, second))
    changed = []
    for row_id in (row_id for row_id in here if row_id in there):
        fields = dict(_differing(layer, first, here[row_id], second, there[row_id]))
        if fields:
            rows = {"row_first": first.rows[here[row_id]], "row_second": second.rows[there[row_id]]}
            changed.append({**_known(features, row_id), **rows, "fields": fields})
    only = [
        [_place(some, at, record) | _known(features, row_id) for row_id, at in mine.items() if row_id not in theirs]
        for some, record, mine, theirs in ((first, one, here, there), (second, other, there, here))
    ]
    same_count = sum(row_id in there for row_id in here) - len(changed)
    return {"first": as_json(one), "second": as_json(other), "same": same_count, "changed": changed, "only_first": only[0], "only_second": only[1]}


def _differing(layer: Layer, first: SourceRows, at: int, second: SourceRows, there: int) -> Iterator[tuple[str, tuple[str, str]]]:
    for field in layer.fields:
        was, now = (some.said[field.name][place] if field.name in some.said else None for some, place in ((first, at), (second, there)))
        if field.name in first.said and field.name in second.said and not same(was, now):
            yield field.title, (field.show(was), field.show(now))
    shapes: list[Scalar] = [some.said[GEOMETRY][place] if GEOMETRY in some.said else None for some, place in ((first, at), (second, there))]
    if not same_signature(*shapes):
        yield _("位置"), (_("未定位") if shapes[0] is None else _("原位置"), _("未定位") if shapes[1] is None else _("另一位置"))


def _place(said: SourceRows, at: int, record: ImportRecord) -> dict[str, Any]:
    def of(column: Sequence[Any], otherwise: object) -> object:
        return column[at] if len(column) else otherwise

    number = of(said.numbers, plain(said.said["code"][at]) if "code" in said.said else "")
    return {"row": said.rows[at], "part": of(said.parts, 0), "sheet": of(said.sheets, record.sheet), "number": number}


def _features(project: Project, layer: str) -> Features | None:
    """A layer's features; None where the program does not know the layer any more."""
    return project.features(layer) if layer in project.layers else None


def _known(features: Features | None, row_id: str) -> dict[str, str]:
    there = features.index.get(row_id) if features is not None else None
    if features is None or there is None:
        return {"id": row_id, "code": "", "name": ""}
    return {"id": row_id, "code": plain(features.column("code")[there]), "name": plain(features.column("name")[there])}
