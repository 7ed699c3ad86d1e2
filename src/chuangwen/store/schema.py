"""The tables of a project: GeoPackage's own, ours (`cw_…`), and one for each declared layer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.types import UserDefinedType

from chuangwen.domain.layer import Field, Layer
from chuangwen.store.geometry import Geometry

GEOMETRY_TYPES = {"point": "POINT", "line": "GEOMETRY", "polygon": "GEOMETRY", "any": "GEOMETRY"}
"""What the file declares. Lines and areas come single and multiple, so the honest word is GEOMETRY."""

OWN = MetaData()
"""Tables that every project has."""


class _Declared(UserDefinedType[object]):
    """A column type that GeoPackage names and SQLite takes by affinity."""

    cache_ok = True

    def __init__(self, word: str) -> None:
        self.word = word

    def get_col_spec(self, **_options: object) -> str:
        return self.word


SRS = Table(
    "gpkg_spatial_ref_sys",
    OWN,
    Column("srs_name", Text, nullable=False),
    Column("srs_id", Integer, primary_key=True),
    Column("organization", Text, nullable=False),
    Column("organization_coordsys_id", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("description", Text),
)
CONTENTS = Table(
    "gpkg_contents",
    OWN,
    Column("table_name", Text, primary_key=True),
    Column("data_type", Text, nullable=False),
    Column("identifier", Text, unique=True),
    Column("description", Text, server_default=""),
    Column("last_change", _Declared("DATETIME"), nullable=False, server_default=text("(strftime('%Y-%m-%dT%H:%M:%fZ','now'))")),
    Column("min_x", Double),
    Column("min_y", Double),
    Column("max_x", Double),
    Column("max_y", Double),
    Column("srs_id", Integer, ForeignKey("gpkg_spatial_ref_sys.srs_id")),
)
GEOMETRY_COLUMNS = Table(
    "gpkg_geometry_columns",
    OWN,
    Column("table_name", Text, ForeignKey("gpkg_contents.table_name"), primary_key=True),
    Column("column_name", Text, primary_key=True),
    Column("geometry_type_name", Text, nullable=False),
    Column("srs_id", Integer, ForeignKey("gpkg_spatial_ref_sys.srs_id"), nullable=False),
    Column("z", Integer, nullable=False),
    Column("m", Integer, nullable=False),
)
EXTENSIONS = Table(
    "gpkg_extensions",
    OWN,
    Column("table_name", Text),
    Column("column_name", Text),
    Column("extension_name", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("scope", Text, nullable=False),
    UniqueConstraint("table_name", "column_name", "extension_name"),
)
DATA_COLUMNS = Table(
    "gpkg_data_columns",
    OWN,
    Column("table_name", Text, primary_key=True),
    Column("column_name", Text, primary_key=True),
    Column("name", Text),
    Column("title", Text),
    Column("description", Text),
    Column("mime_type", Text),
    Column("constraint_name", Text),
)
CONSTRAINTS = Table(
    "gpkg_data_column_constraints",
    OWN,
    Column("constraint_name", Text, nullable=False),
    Column("constraint_type", Text, nullable=False),
    Column("value", Text),
    Column("min", Double),
    Column("min_is_inclusive", Boolean),
    Column("max", Double),
    Column("max_is_inclusive", Boolean),
    Column("description", Text),
    UniqueConstraint("constraint_name", "constraint_type", "value"),
)
META = Table("cw_meta", OWN, Column("key", Text, primary_key=True), Column("value", Text))
REFERENCE = Table("cw_layer", OWN, Column("id", Text, primary_key=True), Column("declaration", Text, nullable=False))
IMPORT = Table(
    "cw_import",
    OWN,
    *(Column(name, Text, primary_key=name == "id") for name in ("id", "layer", "file", "sha256", "at", "sheet")),
    *(Column(name, Text) for name in ("encoding", "encoding_evidence", "crs", "crs_evidence")),
    *(Column(name, Integer) for name in ("read", "added", "changed", "rejected")),
    Column("unchanged", Integer),
    *(Column(name, Text) for name in ("profile", "list_key", "answers")),
)
SOURCE = Table(
    "cw_source",
    OWN,
    Column("number", Integer, primary_key=True),
    Column("import_id", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("ids", Text, nullable=False),  # JSON list, up to some thousands in one row: where to look for a feature
    Column("content", LargeBinary),  # what those rows said, packed
    Index("cw_source_import", "import_id"),
)
PROFILE = Table(
    "cw_profile",
    OWN,
    Column("name", Text, primary_key=True),
    Column("declaration", Text, nullable=False),
    Column("used_at", Text, nullable=False),
)
PRINTED = Table(
    "cw_printed",
    OWN,
    Column("number", Integer, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("product", "subject", "code")),
    Column("part", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("paper", "fingerprint", "facts", "packet", "at", "by")),
    Index("cw_printed_sheet", "product", "subject", "part", "paper"),
)
HANDWORK = Table(
    "cw_handwork",
    OWN,
    Column("product", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", Text, nullable=False),
)
STEP = Table(
    "cw_step",
    OWN,
    Column("number", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("of", Integer),
    Column("rows", Integer, nullable=False),
    Column("import_id", Text, nullable=False),
    Column("role", Text),  # null in steps of before version 1.3
    sqlite_autoincrement=True,
)
CHANGE = Table(
    "cw_change",
    OWN,
    Column("number", Integer, primary_key=True),
    Column("step", Integer, ForeignKey("cw_step.number"), nullable=False),
    Column("layer", Text, nullable=False),
    Column("op", Text, nullable=False),  # a added, u updated, r removed
    Column("row_id", Text),  # of u and r
    Column("before", Text),  # of u and r: touched columns as JSON
    Column("after", Text),  # of u
    Column("before_geometry", LargeBinary),
    Column("after_geometry", LargeBinary),
    Column("added", Text),  # of a: JSON list of ids, up to some thousands in one row of the log
    Column("digest", LargeBinary),  # of a: what those rows were, in eight bytes
)
_ADDS, _OTHERS = text("op = 'a'"), text("op <> 'a'")
Index("cw_change_step", CHANGE.c.step)
Index("cw_change_row", CHANGE.c.row_id, sqlite_where=_OTHERS, postgresql_where=_OTHERS)
Index("cw_change_added", CHANGE.c.layer, sqlite_where=_ADDS, postgresql_where=_ADDS)


_TYPES = {"integer": "INTEGER", "real": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "datetime": "DATETIME"}


def column_type(field: Field) -> str:
    """The declared type of a field's column (GeoPackage table 1)."""
    return _TYPES.get(field.type, "TEXT")


def feature_table(layer: Layer, there: Collection[str] | None = None) -> Table:
    """The table of a layer; `there`: only the columns that the file has.

    `id` may be null, for the rows that QGIS or GDAL add: they get one at our next write. A default would not do: GDAL reads it once for all rows.
    """
    columns: list[Column[Any]] = [
        Column("fid", Integer, primary_key=True),
        Column("id", Text, unique=True),
    ]
    if layer.has_geometry:
        columns.append(Column("geom", Geometry(GEOMETRY_TYPES[layer.geometry])))
    columns += [Column(field.name, _Declared(column_type(field))) for field in layer.fields]
    return Table(layer.id, MetaData(), *(column for column in columns if there is None or column.name in there), sqlite_autoincrement=True)


def rtree_statements(table: str) -> dict[str, str]:
    """The R-tree of a layer and the triggers that keep it (OGC 12-128r18, annex F.3), by name. `table` is an identifier of ours, never a user's text."""
    tree = f'"rtree_{table}_geom"'
    insert = f'INSERT OR REPLACE INTO {tree} VALUES (NEW."fid", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));'
    full, bare = 'NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")', 'NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")'
    was = 'OLD."geom" NOTNULL AND NOT ST_IsEmpty(OLD."geom")'
    gone = f'DELETE FROM {tree} WHERE id = OLD."fid";'
    on = f'ON "{table}"'
    return {
        "tree": f"CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy)",
        "insert": f'CREATE TRIGGER "rtree_{table}_geom_insert" AFTER INSERT {on} WHEN ({full}) BEGIN {insert} END',
        "update2": f'CREATE TRIGGER "rtree_{table}_geom_update2" AFTER UPDATE OF "geom" {on} WHEN OLD."fid" = NEW."fid" AND ({bare}) BEGIN {gone} END',
        "update4": f'CREATE TRIGGER "rtree_{table}_geom_update4" AFTER UPDATE {on} WHEN OLD."fid" != NEW."fid" AND ({bare}) '
        f'BEGIN DELETE FROM {tree} WHERE id IN (OLD."fid", NEW."fid"); END',
        "update5": f'CREATE TRIGGER "rtree_{table}_geom_update5" AFTER UPDATE {on} WHEN OLD."fid" != NEW."fid" AND ({full}) BEGIN {gone} {insert} END',
        "update6": f'CREATE TRIGGER "rtree_{table}_geom_update6" AFTER UPDATE OF "geom" {on} WHEN OLD."fid" = NEW."fid" AND ({full}) AND ({was}) '
        f'BEGIN UPDATE {tree} SET minx = ST_MinX(NEW."geom"), maxx = ST_MaxX(NEW."geom"), miny = ST_MinY(NEW."geom"), maxy = ST_MaxY(NEW."geom") '
        'WHERE id = NEW."fid"; END',
        "update7": f'CREATE TRIGGER "rtree_{table}_geom_update7" AFTER UPDATE OF "geom" {on} WHEN OLD."fid" = NEW."fid" AND ({full}) AND NOT ({was}) '
        f"BEGIN {insert} END",
        "delete": f'CREATE TRIGGER "rtree_{table}_geom_delete" AFTER DELETE {on} WHEN OLD."geom" NOT NULL BEGIN {gone} END',
    }
