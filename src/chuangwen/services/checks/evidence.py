"""Photos that prove nothing (domain.md 4.3): used twice, out of order, taken elsewhere, missing."""

from __future__ import annotations

from chuangwen.services.checks.check import Check, Finding, Look
from chuangwen.services.evidence import evidence_findings
from chuangwen.services.project import Project
from chuangwen.text import _


def _suspicious(look: Look) -> list[Finding]:
    look.need("photo")
    issues = look.need("issue")
    epsg = look.view.epsg if isinstance(look.view, Project) else None
    units = issues.column("responsible_unit")
    found = evidence_findings(look.view, epsg, progress=look.progress)
    return [Finding(one.text, "issue", one.issues, by=str(units[issues.index[one.issues[0]]] or "")) for one in found]


CHECKS = (
    Check(
        "EV-01",
        _("可疑的整改照片"),
        _("同一张照片（或压缩、缩小过的同一张）用作整改前和整改后，或用在两个问题；整改后拍得比整改前还早；拍摄地点离问题 100 米以上；缺整改前或整改后照片。"),
        "issue",
        _("核对原照片；查实套图的退回重新整改，并记入通报。"),
        _suspicious,
    ),
)
