"""What went out on paper, and what was changed on a sheet by hand (docs/decisions/0057)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from chuangwen.store.base import PrintedSheet, SheetKey
from chuangwen.store.log import moment
from chuangwen.store.schema import HANDWORK, PRINTED


def printed(connection: Connection) -> dict[tuple[SheetKey, str], PrintedSheet]:
    """Sheet and paper → its last printing."""
    sheet = (PRINTED.c.product, PRINTED.c.subject, PRINTED.c.part, PRINTED.c.paper)
    last = select(func.max(PRINTED.c.number)).group_by(*sheet)
    rows = connection.execute(select(PRINTED).where(PRINTED.c.number.in_(last)))
    return {(key := SheetKey(row.product, row.subject, row.part), row.paper): _sheet(key, row) for row in rows}


def note_packet(connection: Connection, sheets: Sequence[PrintedSheet]) -> None:
    """Write what was printed. The facts of earlier printings go: a list of a packet is short, what stood on it is not."""
    for one in sheets:
        key = one.key._asdict()
        same = and_(*(PRINTED.c[name] == value for name, value in key.items()), PRINTED.c.paper == one.paper)
        connection.execute(update(PRINTED).where(same, PRINTED.c.facts != "").values(facts=""))
        row = {name: getattr(one, name) for name in ("paper", "code", "fingerprint", "facts", "packet", "by")}
        connection.execute(insert(PRINTED), key | row | {"at": one.at.isoformat()})


def handwork(connection: Connection) -> dict[SheetKey, str]:
    """Sheet → what was changed on it by hand."""
    return {SheetKey(row.product, row.subject, row.part): row.content for row in connection.execute(select(HANDWORK))}


def keep_handwork(connection: Connection, key: SheetKey, content: str) -> None:
    """Write it in place of what was kept; '' takes it out."""
    connection.execute(delete(HANDWORK).where(*(HANDWORK.c[name] == value for name, value in key._asdict().items())))
    if content:
        connection.execute(insert(HANDWORK), key._asdict() | {"content": content})


def forget_handwork(connection: Connection, product: str) -> None:
    """Take out all (of a product)."""
    connection.execute(delete(HANDWORK).where(HANDWORK.c.product == product) if product else delete(HANDWORK))


def _sheet(key: SheetKey, row: Row[Any]) -> PrintedSheet:
    return PrintedSheet(key, row.paper, row.code, row.fingerprint, row.facts, row.packet, moment(row.at), row.by)
