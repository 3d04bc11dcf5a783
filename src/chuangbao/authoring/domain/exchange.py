"""Packs and register (交换): load what is lacking, overwrite no officer, write it all back byte for byte."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from django.db import transaction

from chuangbao.authoring.domain.drafts import digest, index_of
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.citations import list_citations
from chuangbao.policies.domain.departments import department_name
from chuangbao.policies.domain.overlay import OLDEST_FIRST, PUBLIC, PUBLISHED, clause_id, move_stamp
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion, Origin, RegisteredDocument, RegisteredMeasure
from chuangbao.rules.writing import dump, put_period, read_measure_text, split_versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.model import Measure, Pack

__all__ = ["Conflict", "Loaded", "export_register", "load_measure", "load_register"]


@dataclass(frozen=True)
class Conflict:
    """A measure that both sides changed, or a version that the file changed: both texts, side by side."""

    measure: str
    why: str
    register: str = ""
    file: str = ""


@dataclass
class Loaded:
    """What a load did."""

    added: list[str] = field(default_factory=list)
    known: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def load_register(*, pack: Pack, actor: Actor) -> Loaded:
    """Add each version of the pack's files that the register lacks; a measure in conflict is left as it is."""
    loaded = Loaded()
    for measure in pack.measures.values():
        with transaction.atomic():
            load_measure(pack=pack, measure=measure, loaded=loaded)
    if loaded.added:
        move_stamp()
        record(actor, "load", kind="policies.pack", data={"added": len(loaded.added), "pack": pack.id})
    return loaded


def load_measure(*, pack: Pack, measure: Measure, loaded: Loaded | None = None) -> Loaded:
    """The versions of one measure; all of them or, in conflict, none."""
    loaded = loaded if loaded is not None else Loaded()
    text = Path(pack.root, measure.file).read_text("utf-8") if measure.file else ""
    try:
        head, blocks = split_versions(text)
    except (ValueError, yaml.YAMLError) as error:
        loaded.conflicts.append(Conflict(measure.id, f"file: {error}", file=text))
        return loaded
    rows = {row.name: row for row in versions_of(measure.id)}
    conflict = conflict_of(measure, rows, pack, dict(blocks), head)
    if conflict:
        loaded.conflicts.append(conflict)
        return loaded
    missing = [name for name, _block in blocks if name not in rows]
    loaded.known += len(blocks) - len(missing)
    if missing:
        row = find_or_enter_measure(measure, head)
        for name in missing:
            row.versions.add(version_row(row, measure, name, head + dict(blocks)[name]), bulk=False)
        loaded.added += missing
    if all(row.origin == Origin.PACK for row in rows.values()):
        RegisteredMeasure.objects.filter(ref=measure.id).update(head=head)
    return loaded


def versions_of(ref: str) -> Iterable[MeasureVersion]:
    """The published versions of a measure."""
    return (
        unscoped(MeasureVersion, because=PUBLIC)
        .filter(measure__ref=ref, stage__in=PUBLISHED)
        .order_by(OLDEST_FIRST, "pk")
    )


def conflict_of(
    measure: Measure, rows: dict[str, MeasureVersion], pack: Pack, blocks: dict[str, str], head: str
) -> Conflict | None:
    """A published version that the file has otherwise, or versions that both sides added."""
    hashes = {v.version: v.hash for v in measure.versions}
    for name, row in rows.items():
        if name in hashes and hash_of(row.content, pack) != hashes[name]:
            return Conflict(
                measure.id, f"version {name} differs; a version is immutable", row.content, head + blocks[name]
            )
    officers = [row for row in rows.values() if row.origin == Origin.OFFICER]
    new = [name for name in blocks if name not in rows]
    if officers and new:
        theirs = "".join(blocks[name] for name in new)
        return Conflict(measure.id, "both sides have new versions", "\n".join(r.content for r in officers), theirs)
    return None


def hash_of(content: str, pack: Pack) -> str:
    """The fingerprint of the version in a text."""
    version = read_measure_text(content, pack).version
    return version.hash if version else ""


def find_or_enter_measure(measure: Measure, head: str) -> RegisteredMeasure:
    """The measure's row, entered where it is missing."""
    department = department_name(measure.departments[0]) if measure.departments else ""
    row, _new = RegisteredMeasure.objects.get_or_create(
        ref=measure.id,
        defaults={"region_id": measure.region, "department": department, "head": head, "file": measure.file},
    )
    return row


def version_row(row: RegisteredMeasure, measure: Measure, name: str, content: str) -> MeasureVersion:
    """A version of the files as a row: published, and written by no one here."""
    version = next(v for v in measure.versions if v.version == name)
    index = index_of(content)
    return MeasureVersion(
        measure=row, region_id=row.region_id, department=row.department, stage=Stage.IN_FORCE, origin=Origin.PACK,
        name=name, title=index.title or version.title.zh[:200], clauses=list(index.clauses), content=content,
        content_hash=digest(content), valid_from=version.valid_from, valid_to=version.valid_to,
    )  # fmt: skip


def export_register(*, pack: Pack, out: Path) -> list[str]:
    """Write the pack with the register's measures and documents into an empty folder; return what was written."""
    shutil.copytree(pack.root, out, dirs_exist_ok=True)
    written = []
    for row in RegisteredMeasure.objects.exclude(head="").order_by("ref"):
        versions = list(versions_of(row.ref))
        if versions:
            place = row.file or f"measures/{row.ref}.yaml"
            blocks = [split_versions(put_period(v.content, v.valid_from, v.valid_to))[1][0][1] for v in versions]
            text = row.head + "".join(block if block.endswith("\n") else f"{block}\n" for block in blocks)
            (out / place).parent.mkdir(parents=True, exist_ok=True)
            (out / place).write_text(text, encoding="utf-8", newline="\n")
            written.append(place)
    documents = (
        unscoped(RegisteredDocument, because=PUBLIC)
        .filter(stage__in=PUBLISHED)
        .order_by("ref")
        .prefetch_related("clauses")
    )
    for document in documents:
        written += export_document(document, out)
    return written


def export_document(row: RegisteredDocument, out: Path) -> list[str]:
    """A document of the register as a pack has it: its head, its clauses, its text."""
    ref = row.ref
    head = {
        "id": ref, "number": row.number, "title": {"zh": row.title, "en": row.title}, "kind": row.kind,
        "issuers": list(row.issuers), "date": row.issued_on, "region": row.region_id,
        "departments": [row.department], "themes": list(row.themes),
        "in_force": {"from": row.valid_from, "to": row.valid_to}, "confirmed": True,
        "text": f"texts/{ref}.txt", "clauses": f"documents/{ref}.clauses.yaml",
    }  # fmt: skip
    rows = list(row.clauses.all())
    clauses = [
        {
            "id": clause_id(ref, c.number), "mark": mark, "modality": c.modality, "actor": c.actor,
            "zh": c.heading or c.text, "en": c.heading or c.text,
        }
        for c, mark in zip(rows, list_citations((c.level, c.mark) for c in rows), strict=True)
    ]  # fmt: skip
    files = {
        f"documents/{ref}.yaml": dump(head),
        f"documents/{ref}.clauses.yaml": dump(clauses),
        f"texts/{ref}.txt": row.text,
    }
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(content, encoding="utf-8", newline="\n")
    return list(files)
