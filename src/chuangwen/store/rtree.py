"""The R-tree of a layer, packed and written whole: an import need not ask SQLite to place a hundred thousand boxes one by one.

SQLite keeps an R-tree in three ordinary tables, whose form is part of its file format (`ext/rtree/rtree.c`, "Database Format of R-Tree Tables"); GDAL
fills them itself too. Packing is sort-tile-recursive (Leutenegger, Lopez, Edgington 1997). Measured: 100,000 boxes in 0.2 s, by INSERT in 0.9 s.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, TableClause, bindparam, column, delete, func, select, table

from chuangwen.store.inserting import insert_rows
from chuangwen.store.schema import rtree_statements

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_COLUMNS = ("id", "minx", "maxx", "miny", "maxy")
_HEADER = 4  # bytes: depth of the tree (root only), number of cells
_ROOT = 1
_REBUILD = 3
"""A tree is packed anew when it holds at most this many times what comes or goes; else the few are done one by one."""


def tree_of(layer: str) -> TableClause:
    """The R-tree of a layer's table, boxes in metres of the project's CRS."""
    return table(f"rtree_{layer}_geom", *map(column, _COLUMNS))


class Boxes:
    """What enters and leaves a tree while its triggers are put aside. `last` is the greatest `fid` that the layer has ever given."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._fids: list[NDArray[np.int64]] = []
        self._bounds: list[NDArray[np.float64]] = []
        self._gone: list[int] = []

    def enter(self, bounds: NDArray[np.float64]) -> list[int]:
        """Note added rows, `bounds` (n, 4) of minx, miny, maxx, maxy, nan where there is no place; the `fid` for each."""
        fids = np.arange(self._last + 1, self._last + 1 + len(bounds))
        self._last += len(bounds)
        self._fids.append(fids)
        self._bounds.append(bounds)
        return [int(fid) for fid in fids]

    def leave(self, fids: Sequence[int]) -> None:
        """Note removed rows."""
        self._gone.extend(fids)

    def write(self, connection: Connection, layer: str) -> None:
        """Bring the tree up to date."""
        if self._gone:
            _remove(connection, layer, self._gone)
        if self._fids:
            add_boxes(connection, layer, np.concatenate(self._fids), np.concatenate(self._bounds))


@contextmanager
def at_once(connection: Connection, layer: str) -> Iterator[Boxes]:
    """Rows added and removed here reach the tree at the end: its triggers, which call four Python functions a row, are put aside."""
    given = table("sqlite_sequence", column("name"), column("seq"))
    boxes = Boxes(connection.execute(select(func.max(given.c.seq)).where(given.c.name == layer)).scalar() or 0)
    for name in ("insert", "delete"):
        connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "rtree_{layer}_geom_{name}"')
    yield boxes
    boxes.write(connection, layer)
    for name in ("insert", "delete"):
        connection.exec_driver_sql(rtree_statements(layer)[name])


def add_boxes(connection: Connection, layer: str, fids: NDArray[np.int64], bounds: NDArray[np.float64]) -> None:
    """Enter rows in a layer's tree: `fids` (n,), `bounds` (n, 4) of minx, miny, maxx, maxy; rows of nan have no place and are left out."""
    there = ~np.isnan(bounds).any(axis=1)
    ids, boxes = fids[there], bounds[there][:, [0, 2, 1, 3]]
    tree = tree_of(layer)
    held = connection.execute(select(func.count()).select_from(tree)).scalar_one()
    if held > _REBUILD * len(ids):
        insert_rows(connection, tree, _COLUMNS, [(one, *box) for one, box in zip(ids.tolist(), boxes.tolist(), strict=True)])
        return
    old_ids, old = _entries(connection, tree)
    _write(connection, tree.name, np.concatenate([old_ids, ids]), np.concatenate([old, _outward(boxes)]))


def _remove(connection: Connection, layer: str, fids: Sequence[int]) -> None:
    tree = tree_of(layer)
    held = connection.execute(select(func.count()).select_from(tree)).scalar_one()
    if held > _REBUILD * len(fids):
        connection.execute(delete(tree).where(tree.c.id == bindparam("gone")), [{"gone": fid} for fid in fids])
        return
    ids, boxes = _entries(connection, tree)
    left = ~np.isin(ids, fids)
    _write(connection, tree.name, ids[left], boxes[left])


def _entries(connection: Connection, tree: TableClause) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    rows = [tuple(row) for row in connection.execute(select(tree))]
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    return ids, np.array([row[1:] for row in rows], dtype=np.float32).reshape(-1, 4)


def _outward(boxes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Boxes in single precision that still hold what they held."""
    near = boxes.astype(np.float32)
    low = np.where(near > boxes, np.nextafter(near, np.float32(-np.inf)), near)
    high = np.where(near < boxes, np.nextafter(near, np.float32(np.inf)), near)
    found: NDArray[np.float32] = np.stack([low[:, 0], high[:, 1], low[:, 2], high[:, 3]], axis=1)
    return found


def _write(connection: Connection, tree: str, ids: NDArray[np.int64], boxes: NDArray[np.float32]) -> None:
    node = table(f"{tree}_node", column("nodeno"), column("data"))
    rowid = table(f"{tree}_rowid", column("rowid"), column("nodeno"))
    parent = table(f"{tree}_parent", column("nodeno"), column("parentnode"))
    size = connection.execute(select(func.length(node.c.data)).where(node.c.nodeno == _ROOT)).scalar_one()
    capacity = (size - _HEADER) // _CELL.itemsize
    for one in (node, rowid, parent):
        connection.execute(delete(one))

    if not len(ids):
        insert_rows(connection, node, ["nodeno", "data"], [(_ROOT, bytes(size))])
        return
    leaves, depth, following = True, 0, _ROOT + 1
    while True:
        order, group, place, starts = _packed(boxes, capacity)
        ids, boxes = ids[order], boxes[order]
        root = len(starts) == 1
        numbers = np.array([_ROOT]) if root else np.arange(following, following + len(starts))
        raw = np.zeros(len(starts), dtype=[("depth", ">u2"), ("count", ">u2"), ("cells", _CELL, capacity)])
        raw["depth"] = depth if root else 0
        raw["count"] = np.bincount(group)
        raw["cells"]["id"][group, place] = ids
        raw["cells"]["box"][group, place] = boxes
        data = raw.tobytes()
        insert_rows(connection, node, ["nodeno", "data"], [(number, data[at * size : (at + 1) * size]) for at, number in enumerate(numbers.tolist())])
        along = np.argsort(ids)  # a table is written fastest at its end
        owner = list(zip(ids[along].tolist(), numbers[group[along]].tolist(), strict=True))
        insert_rows(connection, *((rowid, ["rowid", "nodeno"]) if leaves else (parent, ["nodeno", "parentnode"])), owner)
        if root:
            return
        low, high = np.minimum.reduceat(boxes, starts), np.maximum.reduceat(boxes, starts)
        ids, boxes = numbers, np.stack([low[:, 0], high[:, 1], low[:, 2], high[:, 3]], axis=1)
        leaves, depth, following = False, depth + 1, following + len(starts)


def _packed(boxes: NDArray[np.float32], capacity: int) -> tuple[Any, Any, Any, Any]:
    """Order (n,), node (n,) and place in the node (n,) of the ordered boxes, and where each node starts (m,). Nodes are equally full."""
    count = len(boxes)
    nodes = math.ceil(count / capacity)
    slices = math.ceil(math.sqrt(nodes))
    x, y = boxes[:, 0] + boxes[:, 1], boxes[:, 2] + boxes[:, 3]
    stripe = np.empty(count, dtype=np.int64)
    stripe[np.argsort(x, kind="stable")] = np.arange(count) * slices // count
    order = np.lexsort((np.where(stripe % 2, -y, y), stripe))  # up one stripe and down the next: a node that spans two stays small
    starts = np.arange(nodes) * count // nodes
    sizes = np.diff(np.append(starts, count))
    group = np.repeat(np.arange(nodes), sizes)
    return order, group, np.arange(count) - starts[group], starts
