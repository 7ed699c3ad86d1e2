"""Import: read a file, plan, write it as one edit."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, folded
from chuangwen.domain.values import LIST_MARK
from chuangwen.errors import FileProblem, UserError
from chuangwen.exchange import sheets, vector_files
from chuangwen.exchange.doubts import Answers
from chuangwen.exchange.importing import ImportPlan, ImportReport, Options, plan
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.matching import known_words
from chuangwen.exchange.reference import reference_layer
from chuangwen.exchange.splitting import Splitting
from chuangwen.exchange.workbooks import read_workbook
from chuangwen.progress import Progress
from chuangwen.services.project import Project
from chuangwen.text import _

REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user may say about a file. `columns`: source column → field; `sheet`: a sheet of a workbook or a layer of a GeoPackage.

    `answers`: doubt's key → value. `profile`: '' finds the sender's profile by the headers, `none` uses none, any other word names one.
    """

    name: str = ""  # of a reference layer
    encoding: str = "auto"
    crs: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    sheet: str = ""
    answers: Answers = field(default_factory=dict)
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import that is ready to be written, for a preview. `reference`: the layer that must be made first."""

    plan: ImportPlan
    reference: Layer | None = None


def run_import(project: Project, path: Path, layer_name: str, options: ImportOptions | None = None, progress: Progress | None = None) -> ImportReport:
    """Take `path` into a layer, or into a new reference layer, as one edit. With `dry_run` nothing is written.

    Raises `UserError` (`FileProblem`, `DataProblem`) with cause and remedy where the file as a whole cannot be taken; then nothing is changed.
    """
    options = options or ImportOptions()
    with _no_collection():
        prepared = prepare(project, path, layer_name, options, progress)
        if not options.dry_run:
            write(project, prepared, progress)
    return prepared.plan.report


def prepare(project: Project, path: Path, layer_name: str, options: ImportOptions, progress: Progress | None = None) -> Prepared:
    """Read and plan; writes nothing."""
    progress = progress or Progress()
    if not path.is_file():
        raise FileProblem(_("找不到文件 {path}。").format(path=path), hint=_("请核对文件名和文件夹。"))
    if path.resolve() == project.path.resolve():
        raise UserError(_("不能把项目文件导入它自己。"))
    layer = None if layer_name in (REFERENCE, _("参考图层")) else project.layers.named(layer_name)
    progress.at(0, 0, _("读取 {file}").format(file=path.name))
    try:
        incoming = read_file(path, layer, options)
        digest = _sha256(path)
    except OSError as error:
        raise FileProblem(
            _("无法读取 {file}：{error}。").format(file=path.name, error=error.strerror or error), hint=_("请核对文件是否被别的程序占用。")
        ) from error
    reference = None
    if layer is None:
        layer, incoming = reference_layer(incoming, options.name or path.stem, project.layers)
        reference = layer
    campaign = project.campaign
    year = (campaign.arrival or campaign.today).year
    wanted = Options(options.crs, dict(options.columns), campaign.today, year, project.store.epsg_is_open, digest, options.answers)
    view = project if reference is None else _With(project, reference)
    return Prepared(plan(incoming, layer, view, wanted, progress), reference)


def write(project: Project, prepared: Prepared, progress: Progress | None = None) -> None:
    """Write a prepared import: the CRS where the project has none yet, the reference layer, then everything as one edit."""
    found = prepared.plan
    if project.store.epsg_is_open and found.epsg:
        project.store.settle_epsg(found.epsg)
    if prepared.reference is not None:
        project.store.add_reference(prepared.reference)
    if found.edit:
        project.apply(found.edit, imported=found.record, progress=progress)


def read_file(path: Path, layer: Layer | None, options: ImportOptions) -> Incoming:
    """The content of a file of any kind that can be imported. `layer` helps to find the header of a list."""
    ending = path.suffix.lower()
    if ending in vector_files.ENDINGS:
        return vector_files.read_vector(path, options.encoding, options.sheet, lists=layer is not None and not layer.has_geometry)
    if ending in sheets.ENDINGS:
        words = (known_words(layer) if layer else frozenset()) | {folded(source) for source in options.columns}
        return read_workbook(path, words, options.encoding, options.sheet, answers=options.answers, splitting=_splitting(layer))
    known = LIST_MARK.join(one.lstrip(".") for one in (".shp", ".geojson", ".gpkg", ".zip", ".xlsx", ".xls", ".docx", ".csv"))
    raise FileProblem(
        _("不能导入 {file}：不认识“{ending}”格式。").format(file=path.name, ending=ending or path.name), hint=_("可以导入：{known}。").format(known=known)
    )


def _splitting(layer: Layer | None) -> Splitting | None:
    """One cell of an issue list may hold several problems; no other layer's may."""
    if layer is None or layer.id != "issue":
        return None
    texts, codes = layer.field("description"), layer.field("code")
    return Splitting({folded(word) for word in (texts.title, *texts.synonyms)}, {folded(word) for word in (codes.title, *codes.synonyms)})


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python's collector walks the hundred thousand new rows again and again and finds nothing: a quarter of an import's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _With:
    """A project as it will be with a reference layer that is not made yet."""

    def __init__(self, project: Project, reference: Layer) -> None:
        self._project = project
        self._reference = reference
        self.layers = project.layers.plus(reference)
        self.epsg = project.epsg

    def features(self, layer: str) -> Features:
        """All features of a layer; none yet in the new one."""
        return Features(self._reference, [], {}) if layer == self._reference.id else self._project.features(layer)
