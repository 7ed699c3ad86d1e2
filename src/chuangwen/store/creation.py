"""A new project file: GeoPackage's system tables, ours, and room for every layer (OGC 12-128r18)."""

from __future__ import annotations

from collections.abc import Iterable

from pyproj import CRS
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.schema import CreateIndex, CreateTable

from chuangwen.domain.layer import Layer
from chuangwen.store import schema

APPLICATION_ID = 0x47504B47  # "GPKG"
GEOPACKAGE_VERSION = 10300
_RTREE = "http://www.geopackage.org/spec120/#extension_rtree"
_ASPATIAL = "http://gdal.org/geopackage_aspatial.html"
_SCHEMA = "http://www.geopackage.org/spec120/#extension_schema"


def create_own(connection: Connection, epsg: int) -> None:
    """The system tables and ours, in an empty file."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {GEOPACKAGE_VERSION}")
    for table in schema.OWN.sorted_tables:
        connection.execute(CreateTable(table))
        for index in table.indexes:
            connection.execute(CreateIndex(index))
    rows = [("Undefined cartesian SRS", -1, "NONE", -1, "undefined"), ("Undefined geographic SRS", 0, "NONE", 0, "undefined")]
    columns = ("srs_name", "srs_id", "organization", "organization_coordsys_id", "definition")
    connection.execute(insert(schema.SRS), [dict(zip(columns, row, strict=True)) for row in rows])
    for code in (4326, 4490, epsg):
        add_srs(connection, code)
    extension = {"column_name": None, "extension_name": "gpkg_schema", "definition": _SCHEMA, "scope": "read-write"}
    connection.execute(insert(schema.EXTENSIONS), [{"table_name": name, **extension} for name in (schema.DATA_COLUMNS.name, schema.CONSTRAINTS.name)])
    # GDAL lists every table of a file without this mark when none is registered: ours are nobody's layers.
    aspatial = {"table_name": None, "column_name": None, "extension_name": "gdal_aspatial", "definition": _ASPATIAL, "scope": "read-write"}
    connection.execute(insert(schema.EXTENSIONS), aspatial)


def add_srs(connection: Connection, code: int) -> None:
    """Declare a CRS, once."""
    if connection.execute(select(schema.SRS.c.srs_id).where(schema.SRS.c.srs_id == code)).first():
        return
    crs = CRS.from_epsg(code)
    row = {"srs_name": crs.name, "srs_id": code, "organization": "EPSG", "organization_coordsys_id": code, "definition": crs.to_wkt("WKT1_GDAL")}
    connection.execute(insert(schema.SRS), row)


def move_to_srs(connection: Connection, epsg: int) -> None:
    """Let all layers lie in another CRS; only for a project that holds no geometry yet."""
    add_srs(connection, epsg)
    for table in (schema.CONTENTS, schema.GEOMETRY_COLUMNS):
        connection.execute(update(table).where(table.c.srs_id > 0).values(srs_id=epsg))


def create_layer(connection: Connection, layer: Layer, epsg: int) -> None:
    """The table of a layer with its R-tree, and what QGIS shows of it: Chinese titles and choices."""
    connection.execute(CreateTable(schema.feature_table(layer)))
    kind = "features" if layer.has_geometry else "attributes"
    connection.execute(insert(schema.CONTENTS), {"table_name": layer.id, "data_type": kind, "srs_id": epsg if layer.has_geometry else None})
    describe(connection, layer)
    if layer.has_geometry:
        declared = {"table_name": layer.id, "column_name": "geom", "geometry_type_name": schema.GEOMETRY_TYPES[layer.geometry], "srs_id": epsg, "z": 0, "m": 0}
        connection.execute(insert(schema.GEOMETRY_COLUMNS), declared)
        create_tree(connection, layer)


def note_change(connection: Connection, layers: Iterable[str]) -> None:
    """Say that layers have changed. Their extent is left to the reader: GDAL would believe one that it noted itself before our write."""
    said = {"last_change": func.strftime("%Y-%m-%dT%H:%M:%fZ", "now"), "min_x": None, "min_y": None, "max_x": None, "max_y": None}
    connection.execute(update(schema.CONTENTS).where(schema.CONTENTS.c.table_name.in_(list(layers))).values(said))


def create_tree(connection: Connection, layer: Layer) -> None:
    """An empty R-tree and the triggers that keep it."""
    said = {"table_name": layer.id, "column_name": "geom", "extension_name": "gpkg_rtree_index"}
    known = schema.EXTENSIONS.c
    connection.execute(delete(schema.EXTENSIONS).where(known.table_name == layer.id, known.extension_name == said["extension_name"]))
    connection.execute(insert(schema.EXTENSIONS), {**said, "definition": _RTREE, "scope": "write-only"})
    for name, statement in schema.rtree_statements(layer.id).items():
        if name != "tree":
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "rtree_{layer.id}_geom_{name}"')
        connection.exec_driver_sql(statement)


def describe(connection: Connection, layer: Layer) -> None:
    """Say the layer's title and its fields' titles and choices, in place of what was said before (the GeoPackage schema extension)."""
    titles, choices, contents = schema.DATA_COLUMNS.c, schema.CONSTRAINTS.c, schema.CONTENTS.c
    names = {field.name: f"{layer.id}_{field.name}" for field in layer.fields}
    connection.execute(delete(schema.DATA_COLUMNS).where(titles.table_name == layer.id, titles.column_name.in_(list(names))))
    connection.execute(delete(schema.CONSTRAINTS).where(choices.constraint_name.in_(list(names.values()))))
    taken = set(connection.execute(select(contents.identifier).where(contents.table_name != layer.id)).scalars())
    title = layer.title if layer.title not in taken else f"{layer.title} ({layer.id})"
    connection.execute(update(schema.CONTENTS).where(contents.table_name == layer.id).values(identifier=title))
    for field in layer.fields:
        alone = [one.title for one in layer.fields].count(field.title) == 1
        said = {"table_name": layer.id, "column_name": field.name, "name": field.title if alone else f"{field.title} ({field.name})", "title": field.title}
        connection.execute(insert(schema.DATA_COLUMNS), said | {"constraint_name": names[field.name] if field.choices else None})
        rows = [{"constraint_name": names[field.name], "constraint_type": "enum", "value": one.value, "description": one.title} for one in field.choices]
        if rows:
            connection.execute(insert(schema.CONSTRAINTS), rows)
