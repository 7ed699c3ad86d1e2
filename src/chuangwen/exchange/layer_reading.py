"""One layer of a vector file, whole, through pyogrio; record by record through fiona where that fails. GDAL's errors become sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem
from chuangwen.exchange.gdal import configured, pyogrio
from chuangwen.exchange.incoming import Column, Incoming, Repaired, unique_titles
from chuangwen.exchange.records import Records, read_records
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LISTS = "List"
_COUNTED = (".fgb", ".gpkg")  # formats whose header says how many records follow
_LEAST_RECORD = 8  # bytes


@dataclass
class Raw:
    """A layer as it stands: field names, row numbers from 1, shapes as WKB (n) or None for a table, columns, the raw CRS text. `lost`: row → why."""

    names: list[str]
    rows: list[int]
    wkb: NDArray[np.object_] | None
    columns: list[NDArray[Any]]
    crs: str = ""
    lost: dict[int, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def lose(self, positions: Sequence[int], why: str) -> None:
        """Take out the records at `positions`: they are named as lost."""
        if len(positions):
            self.lost |= {self.rows[at]: why for at in positions}
            kept = np.setdiff1d(np.arange(len(self.rows)), positions)
            self.rows = [self.rows[at] for at in kept.tolist()]
            self.wkb = self.wkb[kept] if self.wkb is not None else None
            self.columns = [column[kept] for column in self.columns]


def layers_of(path: Path, named: Path) -> list[tuple[str, bool]]:
    """The layers of a file, and whether each has shapes."""
    with Refusing(named):
        return [(str(name), kind is not None) for name, kind in pyogrio().list_layers(path)]


def read_layer(path: Path, named: Path, restore: bool = False, layer: str | None = None, **options: Any) -> Raw:
    """The layer (the first one without `layer`). `restore`: rebuild the .shx. Raises `FileProblem` about the file `named` where nothing can be read."""
    settings = {"SHAPE_RESTORE_SHX": "YES"} if restore else {}
    with configured(**settings):
        try:
            return read_whole(path, named, layer, **options)
        except FileProblem as problem:
            records = read_records(path, layer, encoding=options.get("encoding"))
            if records is None:
                raise problem from problem.__cause__
            return _of_records(records)


def read_whole(path: Path, named: Path, layer: str | None = None, **options: Any) -> Raw:
    """As `read_layer`, or not at all."""
    with Refusing(named):
        return _whole(path, layer, options)


def _whole(path: Path, layer: str | None, options: dict[str, Any]) -> Raw:
    package = pyogrio()
    chosen = {"layer": layer} if layer is not None else {}
    if path.suffix.lower() in _COUNTED and package.read_info(path, **chosen)["features"] > path.stat().st_size // _LEAST_RECORD:
        raise package.errors.DataSourceError(str(path))  # a header that lies: room would be made for all that it claims
    try:
        meta, fids, wkb, columns = package.raw.read(path, force_2d=True, return_fids=True, **chosen, **options)
    except ValueError:  # a JSON list whose items differ in kind: pyogrio cannot hold it, so such columns are left out
        about = package.read_info(path, **chosen)
        plain = [name for name, kind in zip(about["fields"], about["ogr_types"], strict=True) if not kind.endswith(_LISTS)]
        meta, fids, wkb, columns = package.raw.read(path, force_2d=True, return_fids=True, columns=plain, **chosen)
    count = len(fids) if fids is not None else (len(wkb) if wkb is not None else 0)
    first = 0 if path.suffix.lower() == ".gpkg" else 1
    numbered = fids is not None and path.suffix.lower() in (".shp", ".dbf", ".gpkg")  # elsewhere the fid may be any number that the file calls `id`
    rows = (np.asarray(fids) + first).tolist() if numbered else list(range(1, count + 1))
    flat = not re.search(r" (Z|M|ZM)$", str(meta["geometry_type"]))
    warnings = [] if flat or wkb is None else [_("文件中的高程（Z）或里程（M）值没有导入，地图只用平面位置。")]
    return Raw([str(name) for name in meta["fields"]], rows, wkb, list(columns), str(meta["crs"] or ""), warnings=warnings)


def _of_records(records: Records) -> Raw:
    import shapely

    wkb = np.empty(len(records.rows), dtype=object)
    wkb[:] = [None if shape is None else shapely.to_wkb(shape) for shape in records.shapes]
    columns = []
    for name in records.names:
        column = np.empty(len(records.rows), dtype=object)
        column[:] = [values.get(name) for values in records.values]
        columns.append(column)
    word = _("文件有损坏，已改为逐条读取：读到 {count} 条，{lost} 条读不出；损坏处之后的内容可能不全，请核对条数。")
    warning = word.format(count=len(records.rows), lost=len(records.lost))
    return Raw(records.names, records.rows, wkb, columns, records.crs, dict(records.lost), [warning])


def plain_column(values: NDArray[Any]) -> list[Scalar]:
    """A numpy column as Python values; NaN and NaT are None."""
    if values.dtype.kind == "M":
        moments = values.astype("datetime64[s]").astype(object).tolist()
        whole = all(one is None or (one.hour, one.minute, one.second) == (0, 0, 0) for one in moments)
        return [one if one is None or not whole else one.date() for one in moments]
    if values.dtype.kind == "f":
        listed: list[Scalar] = values.tolist()
        empty = np.isnan(values)
        return [None if bare else value for value, bare in zip(listed, empty.tolist(), strict=True)] if empty.any() else listed
    found: list[Scalar] = values.tolist()
    if values.dtype == object:
        return [one if isinstance(one, str | int | float | bool | dt.date) or one is None else str(one) for one in found]
    return found


def is_text(values: NDArray[Any]) -> bool:
    """Whether a column holds only texts and blanks."""
    return values.dtype == object and set(map(type, values)) <= {str, type(None)}


def incoming_of(
    raw: Raw,
    source: str,
    encoding: str,
    evidence: str,
    titles: Sequence[str] | None = None,
    columns: Sequence[Sequence[Scalar]] | None = None,
    sheet: str = "",
    repaired: Sequence[Repaired] = (),
    warnings: Sequence[str] = (),
) -> Incoming:
    """A layer as an import takes it. `titles` and `columns` stand for those of `raw` where they had to be decoded."""
    import shapely

    said = list(titles) if titles is not None else raw.names
    values = list(columns) if columns is not None else [plain_column(one) for one in raw.columns]
    unique = unique_titles([str(title) for title in said])
    made = tuple(Column(title, list(column), (str(word).strip() or title,)) for title, word, column in zip(unique, said, values, strict=False))
    geometry = None
    repairs = list(repaired)
    if raw.wkb is not None:
        with np.errstate(invalid="ignore"):  # NaN coordinates: the row is reported later
            geometry = np.asarray(shapely.from_wkb(raw.wkb, on_invalid="fix"))
        lost = [raw.rows[at] for at in np.flatnonzero(shapely.get_type_id(geometry) < 0).tolist() if raw.wkb[at] is not None]
        repairs += [Repaired(row, _("图形数据已损坏（坐标不是数字），按未定位处理")) for row in lost]
    rows = raw.rows if raw.rows or geometry is None else list(range(1, len(geometry) + 1))
    return Incoming(
        source, made, rows, geometry, raw.crs, encoding, evidence, sheet, tuple(repairs), (*warnings, *raw.warnings), rejected=tuple(sorted(raw.lost.items()))
    )


class Refusing:
    """Turns GDAL's errors about a file into a sentence, and keeps its remarks about details that it mended out of the user's sight."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        import warnings

        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._caught.__exit__(None, None, None)
        errors = pyogrio().errors
        if isinstance(error, errors.CRSError) and self.path.suffix.lower() == ".shp":  # the caller reads on without the .prj
            return
        theirs = (errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.FieldError, errors.GeometryError, errors.CRSError)
        if isinstance(error, (*theirs, UnicodeDecodeError, MemoryError, IndexError)):  # IndexError: a file without a layer
            place = re.search(r"line (\d+), character (\d+)", str(error))
            where = _("（第 {line} 行第 {sign} 个字符处）").format(line=place[1], sign=place[2]) if place else ""
            raise FileProblem(
                _("{file} 无法读取：文件已损坏，或不是这种格式{where}。").format(file=self.path.name, where=where),
                hint=_("请向提供者重新索取，或重新复制一遍。"),
            ) from error
