"""Import: read a file, plan, write it as one edit."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, folded
from chuangwen.domain.values import LIST_MARK
from chuangwen.errors import FileProblem, UserError
from chuangwen.exchange import encodings, photos_in, sheets, vector_files
from chuangwen.exchange.doubts import Answers
from chuangwen.exchange.field_repair import layer_words
from chuangwen.exchange.importing import ImportPlan, ImportReport, Options, plan
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.matching import known_words
from chuangwen.exchange.photos_in import is_photos
from chuangwen.exchange.profiles import Profile
from chuangwen.exchange.receipt import write_receipt
from chuangwen.exchange.reference import reference_layer
from chuangwen.exchange.signatures import check_content
from chuangwen.exchange.splitting import Splitting
from chuangwen.exchange.vector_files import Wish
from chuangwen.exchange.workbooks import read_workbook
from chuangwen.exchange.written_shapes import shape_words, with_shapes
from chuangwen.progress import Progress
from chuangwen.services.pictures_in import Pending, attached, take_back, told_apart, write_files
from chuangwen.services.profiles import keep, profile_to_keep, with_profile
from chuangwen.services.project import Project
from chuangwen.services.timing import calendar_of
from chuangwen.store.base import SourceRows
from chuangwen.text import _

REFERENCE = "reference"
ENDINGS = tuple(one for one in (*vector_files.ENDINGS, *sheets.ENDINGS, *photos_in.ENDINGS) if one not in (".shx", ".gdb"))
"""What a file that can be imported may be called: the file dialogs and `read_file` take it from the same readers. A folder can be imported as well."""
_COMPANIONS = (".shx", ".prj", ".cpg", ".dat", ".map", ".id", ".mid")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user may say about a file. `columns`: source column → field; `sheet`: a sheet of a workbook or a layer of a GeoPackage.

    `answers`: doubt's key → value. `profile`: '' finds the sender's profile by the headers, `none` uses none, any other word names one.
    `receipt`: where to write the sender's rows with what became of each. `snap_m`, `dissolve`: as in `importing.Options`.
    """

    name: str = ""  # of a reference layer
    encoding: str = "auto"
    crs: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    sheet: str = ""
    answers: Answers = field(default_factory=dict)
    profile: str = ""
    receipt: Path | None = None
    snap_m: float = 0.5
    dissolve: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An import that is ready to be written, for a preview. `reference`: the layer that must be made first; `pictures`: files to be copied first."""

    plan: ImportPlan
    reference: Layer | None = None
    pictures: tuple[Pending, ...] = ()
    profile: Profile | None = None  # to be kept when this is written


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


def run_import(project: Project, path: Path, layer_name: str, options: ImportOptions | None = None, progress: Progress | None = None) -> ImportReport:
    """Take `path` into a layer, or into a new reference layer, as one edit. With `dry_run` nothing is written.

    Raises `UserError` (`FileProblem`, `DataProblem`) with cause and remedy where the file as a whole cannot be taken; then nothing is changed.
    """
    options = options or ImportOptions()
    prepared = prepare(project, path, layer_name, options, progress)
    if not options.dry_run:
        write(project, prepared, progress)
    if options.receipt is not None:
        write_receipt(options.receipt, path, prepared.plan.report, prepared.plan.incoming)
    return prepared.plan.report


@_no_collection()
def prepare(project: Project, path: Path, layer_name: str, options: ImportOptions, progress: Progress | None = None) -> Prepared:
    """Read and plan; writes nothing. `path`: a file, or a folder of them."""
    progress = progress or Progress()
    if not path.exists():
        raise FileProblem(_("找不到文件 {path}。").format(path=path), hint=_("请核对文件名和文件夹。"))
    if path.resolve() == project.path.resolve():
        raise UserError(_("不能把项目文件导入它自己。"))
    layer = None if layer_name in (REFERENCE, _("参考图层")) else project.layers.named(layer_name)
    progress.at(0, 0, _("读取 {file}").format(file=path.name))
    try:
        incoming = read_file(path, layer, options)
        incoming, options, used = with_profile(project, path, layer.id if layer else "", incoming, options, lambda said: read_file(path, layer, said))
        digest = _sha256(path)
    except OSError as error:
        raise FileProblem(
            _("无法读取 {file}：{error}。").format(file=path.name, error=error.strerror or error), hint=_("请核对文件是否被别的程序占用。")
        ) from error
    evidence = None
    if layer is not None and layer.id == "issue" and is_photos(incoming):
        evidence = told_apart(incoming, project.features("issue"), project.features("photo"), project.epsg, options.answers)
        incoming = evidence.rest
    reference = None
    if layer is None:
        layer, incoming = reference_layer(incoming, options.name or path.stem, project.layers)
        reference = layer
    campaign = project.campaign
    year = (campaign.arrival or campaign.today).year
    wanted = Options(
        options.crs,
        dict(options.columns),
        campaign.today,
        year,
        project.store.epsg_is_open,
        digest,
        options.answers,
        campaign.arrival,
        options.snap_m,
        options.dissolve,
        calendar_of(project),
    )
    view = project if reference is None else _With(project, reference)
    found, pictures = attached(project, plan(incoming, layer, view, wanted, progress), layer, evidence, progress)
    found = replace(found, report=replace(found.report, profile=used), record=replace(found.record, profile=used))
    return Prepared(found, reference, pictures, profile_to_keep(path, "" if reference else layer.id, incoming, options, used))


@_no_collection()
def write(project: Project, prepared: Prepared, progress: Progress | None = None) -> None:
    """Write a prepared import: the CRS where the project has none yet, the reference layer, then everything as one edit."""
    found = prepared.plan
    if project.store.epsg_is_open and found.epsg:
        project.store.settle_epsg(found.epsg)
    if prepared.reference is not None:
        project.store.add_reference(prepared.reference)
    if found.edit:
        files = write_files(prepared.pictures, project.files_folder, progress)
        try:
            project.apply(found.edit, imported=found.record, progress=progress, sources=found.sources)
        except BaseException:
            take_back(files)
            raise
    elif found.record.sha256 not in {one.sha256 for one in project.store.imports() if one.list_key == found.record.list_key and not one.undone}:
        project.store.note_import(found.record, found.sources)
    if prepared.profile is not None:
        keep(project, prepared.profile)


def read_file(path: Path, layer: Layer | None, options: ImportOptions) -> Incoming:
    """The content of a file of any kind that can be imported. `layer` helps to find the header of a list."""
    encoding = options.encoding if options.encoding.strip().lower() not in ("", "auto") else options.answers.get(encodings.DOUBT, "auto")

    def read_list(one: Path, sheet: str) -> Incoming:
        words = (known_words(layer) | shape_words(layer) if layer else frozenset()) | {folded(source) for source in options.columns}
        return with_shapes(read_workbook(one, words, encoding, sheet, answers=options.answers, splitting=_splitting(layer)))

    ending = path.suffix.lower()
    if path.is_file():
        check_content(path)
    if path.is_dir() or ending in vector_files.ENDINGS or ending in photos_in.ENDINGS:
        kind = layer.geometry if layer else "any"
        drafts = layer is not None and layer.id == "issue"
        known_by = layer_words(layer) if layer else {}
        return vector_files.read_vector(path, wish=Wish(encoding, kind, layer is None, options.sheet, options.answers, read_list, drafts, known_by))
    if ending in sheets.ENDINGS:
        return read_list(path, options.sheet)
    known = LIST_MARK.join((*vector_files.SHOWN, *sheets.SHOWN, *photos_in.SHOWN))
    remedy = vector_files.REMEDIES.get(ending, "")
    raise FileProblem(
        _("不能导入 {file}：不认识“{ending}”格式。").format(file=path.name, ending=ending or path.name),
        hint=remedy or _("可以导入：{known}。").format(known=known),
    )


def _splitting(layer: Layer | None) -> Splitting | None:
    """One cell of an issue list may hold several problems; no other layer's may."""
    if layer is None or layer.id != "issue":
        return None
    texts, codes = layer.field("description"), layer.field("code")
    return Splitting({folded(word) for word in (texts.title, *texts.synonyms)}, {folded(word) for word in (codes.title, *codes.synonyms)})


def _sha256(path: Path) -> str:
    """Of a file; of a folder: of all files in it that an import may read, with their names."""
    if path.is_dir():
        inside = [one for one in sorted(path.rglob("*")) if one.is_file() and (one.suffix.lower() in (*ENDINGS, *_COMPANIONS) or path.suffix.lower() == ".gdb")]
        parts = (f"{one.relative_to(path).as_posix()} {_sha256(one)}\n" for one in inside)
        return hashlib.sha256("".join(parts).encode()).hexdigest()
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

    def former(self, layer: str, list_key: str) -> SourceRows | None:
        """What the same list said; nothing of the new layer."""
        return None if layer == self._reference.id else self._project.former(layer, list_key)

    def said_before(self, layer: str) -> SourceRows:
        """What imports said of each feature; nothing of the new layer."""
        return SourceRows(layer) if layer == self._reference.id else self._project.said_before(layer)
