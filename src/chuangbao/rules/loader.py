"""Load a pack: read its files, check every expression, and report everything that is wrong at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chuangbao.rules import awards, check, tree
from chuangbao.rules.catalogue import (
    checked,
    day,
    expression,
    read_codes,
    read_fact,
    read_regions,
    read_relation,
    read_rows,
    text,
)
from chuangbao.rules.diagnostics import Finding, PackError
from chuangbao.rules.families import read_declared
from chuangbao.rules.interview import read_interview
from chuangbao.rules.measures import read_measure
from chuangbao.rules.model import Audience, Clause, Document, FactType, Measure, Pack, Text
from chuangbao.rules.offices import read_offices
from chuangbao.rules.yamlfile import Map, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chuangbao.rules.model import CodeList, Fact, Group, Relation, RowKind
    from chuangbao.rules.offices import OfficeList

__all__ = ["path_findings", "read_pack", "scope_of"]


def read_pack(path: Path, digest: str) -> Pack:
    """The pack in a folder.

    Raises PackError with every finding (file, line, column) when something in it does not hold.
    """
    return Loader(path, digest).load()


class Loader:
    """Reads one folder; findings gather until the end."""

    def __init__(self, root: Path, digest: str) -> None:
        """Nothing is read yet."""
        self.root, self.digest = root, digest
        self.findings: list[Finding] = []
        self.places: dict[str, Map] = {}

    def load(self) -> Pack:
        """All parts, in the order in which they need each other."""
        if not (self.root / "pack.yaml").is_file():
            raise PackError(
                [Finding(str(self.root), 0, 0, "no_pack", "there is no pack.yaml here", "name a pack folder")]
            )
        head = next(self.maps("pack.yaml"), Map("pack.yaml", 1))
        codes = {e.text("list"): read_codes(e) for e in self.maps("codes")}
        facts = self.facts(codes)
        rows = {awards.ROWS: awards.row_kind()}
        rows |= {e.text("rows"): read_rows(e, codes, self.findings) for e in self.maps("rows.yaml")}
        self.check_reserved(facts, rows)
        relations = tuple(read_relation(e, self.findings) for e in self.maps("relations.yaml"))
        scope = scope_of(facts, rows, codes)
        self.check_derived(facts, scope)
        self.check_counters(facts)
        groups = self.groups(scope)
        measures = self.measures(scope, facts, relations, groups)
        audiences, wants = self.beginnings()
        pack = Pack(
            id=head.text("id"),
            title=text(head.get("title")),
            region=head.text("region"),
            seed=head.text("seed"),
            facts=facts,
            codes=codes,
            rows=rows,
            relations=relations,
            regions=read_regions(self.root / "regions.csv"),
            documents=self.documents(),
            measures=measures,
            audiences=audiences,
            wants=wants,
            meanings=self.meanings(),
            hints=self.hints(),
            groups=groups,
            root=str(self.root),
            digest=self.digest,
        )
        if not self.findings:
            start = next(self.maps("interview.yaml"), Map("interview.yaml", 1))
            pack = replace(pack, interview=read_interview(start, pack, self.findings))
            pack = replace(pack, offices=self.offices(pack))
        if self.findings:
            raise PackError(self.findings)
        return awards.with_questions(pack)

    def check_reserved(self, facts: Mapping[str, Fact], rows: Mapping[str, RowKind]) -> None:
        """The names of what was had before are the engine's own, in every pack."""
        hint = "choose another name: these are the rows and columns of awards"
        for name in facts.keys() & awards.RESERVED:
            self.findings.append(self.places[name].finding("name", "reserved", f"the name '{name}' is reserved", hint))
        if rows[awards.ROWS] is not awards.row_kind():
            entry = next(e for e in self.maps("rows.yaml") if e.text("rows") == awards.ROWS)
            self.findings.append(entry.finding("rows", "reserved", f"the name '{awards.ROWS}' is reserved", hint))

    def files(self, name: str) -> Iterator[Path]:
        """A file, or every YAML file of a folder, in order."""
        path = self.root / name
        if path.is_dir():
            yield from sorted(path.glob("*.yaml"))
        elif path.exists():
            yield path

    def content(self, path: Path) -> object:
        """The content of a file; a broken one is one finding, not the end."""
        try:
            return read_yaml(path, path.relative_to(self.root).as_posix())
        except PackError as error:
            self.findings += error.findings
            return None

    def maps(self, name: str) -> Iterator[Map]:
        """Every mapping in a file or folder, whether a file holds one or a list of them."""
        for path in self.files(name):
            content = self.content(path)
            items = content if isinstance(content, list) else [content]
            yield from (item for item in items if isinstance(item, Map))

    def facts(self, codes: Mapping[str, CodeList]) -> dict[str, Fact]:
        """The catalogue; a name given twice is an error."""
        found: dict[str, Fact] = {}
        for entry in self.maps("facts"):
            fact = read_fact(entry, codes, self.findings)
            if fact.name in found:
                self.findings.append(entry.finding("name", "duplicate", f"the fact '{fact.name}' is declared twice"))
            self.places[fact.name] = entry
            found[fact.name] = fact
        return found

    def check_derived(self, facts: Mapping[str, Fact], scope: check.Scope) -> None:
        """Types of derivations, and that they do not go round in a circle."""
        for fact in facts.values():
            if fact.value is not None:
                entry = self.places[fact.name]
                kind = checked(entry, "value", expression(entry, "value", []), scope, self.findings, fact.type)
                if kind is not None and kind.absent and not fact.may_be_absent:
                    message = f"'{fact.name}' may be absent: its derivation is where there is nothing"
                    self.findings.append(entry.finding("value", "absent", message, "may_be_absent: true, or COALESCE"))
        known = {fact.name for fact in facts.values() if fact.figures}
        read = {f.name: tree.outer_names(f.value, scope.rows) for f in facts.values() if f.value is not None}
        for fact in facts.values():
            for name in sorted(known & set(read.get(fact.name, ()))):
                message = f"'{fact.name}' is derived from '{name}', whose figure is another in each place"
                self.findings.append(
                    self.places[fact.name].finding("value", "figures", message, "read it in a condition or a formula")
                )
            circle = find_circle(fact.name, read, ())
            if circle:
                entry, shown = self.places[fact.name], " → ".join(circle)
                self.findings.append(entry.finding("value", "circle", f"'{fact.name}' is derived from itself: {shown}"))

    def check_counters(self, facts: Mapping[str, Fact]) -> None:
        """What a counter counts from is a fact of a day."""
        for fact in facts.values():
            begin = facts.get(fact.since)
            if fact.since and (begin is None or begin.type is not FactType.DATE or fact.by != "time"):
                message = f"'{fact.name}' counts from '{fact.since}', which is no day, or is no counter"
                self.findings.append(self.places[fact.name].finding("since", "type", message, "since: a fact of a day"))

    def groups(self, scope: check.Scope) -> dict[str, Group]:
        """The groups declared once for all measures; a name given twice is an error."""
        found: dict[str, Group] = {}
        for entry in self.maps("groups.yaml"):
            group = read_declared(entry, scope, self.findings)
            if group.name in found:
                message = f"the group '{group.name}' is declared twice"
                self.findings.append(entry.finding("name", "duplicate", message))
            self.places[f"group {group.name}"] = entry
            found[group.name] = group
        return found

    def measures(
        self,
        scope: check.Scope,
        facts: Mapping[str, Fact],
        relations: tuple[Relation, ...],
        groups: Mapping[str, Group],
    ) -> dict[str, Measure]:
        """All measures; ids and version ids are unique."""
        found: dict[str, Measure] = {}
        versions: set[str] = set()
        for entry in self.maps("measures"):
            measure = read_measure(entry, scope, self.findings, groups)
            ids = [v.version for v in measure.versions]
            if measure.id in found or versions & set(ids) or len(set(ids)) < len(ids):
                self.findings.append(
                    entry.finding("id", "duplicate", f"'{measure.id}' or a version of it is there twice")
                )
            versions |= set(ids)
            found[measure.id] = measure
            self.findings += path_findings(entry, measure, facts, relations)
        return found

    def documents(self) -> dict[str, Document]:
        """The library; clauses stand in their own files."""
        found: dict[str, Document] = {}
        for path in self.files("documents"):
            if not path.name.endswith(".clauses.yaml"):
                content = self.content(path)
                for entry in content if isinstance(content, list) else [content]:
                    if isinstance(entry, Map):
                        found[entry.text("id")] = self.document(entry)
        return found

    def document(self, entry: Map) -> Document:
        """One document."""
        force = entry.map("in_force")
        return Document(
            id=entry.text("id"),
            title=text(entry.get("title")),
            number=entry.text("number"),
            kind=entry.text("kind"),
            issuers=entry.texts("issuers"),
            date_text=entry.text("date") or entry.text("date_text"),
            region=entry.text("region"),
            level=entry.text("level"),
            departments=entry.texts("departments"),
            themes=entry.texts("themes"),
            valid_from=day(force, "from", self.findings),
            valid_to=day(force, "to", self.findings),
            basis=entry.texts("basis"),
            successors=entry.texts("successors"),
            repeals=entry.texts("repeals"),
            source=entry.text("source"),
            confidence=entry.text("confidence"),
            confirmed=entry.get("confirmed") is True,
            title_is_summary=entry.get("title_is_summary") is True,
            text=entry.text("text"),
            clauses=tuple(self.clause(c) for c in self.maps(entry.text("clauses"))) if entry.get("clauses") else (),
        )

    def clause(self, entry: Map) -> Clause:
        """One clause in our own words."""
        occurrence = entry.get("occurrence")
        return Clause(
            id=entry.text("id"),
            modality=entry.text("modality"),
            summary=text(entry),
            actor=entry.text("actor"),
            numbers=entry.text("numbers"),
            reading=text(entry.get("reading")),
            anchor=entry.text("anchor"),
            occurrence=occurrence if isinstance(occurrence, int) else 1,
            left_open=text(entry.get("left_open")),
            mark=entry.text("mark"),
        )

    def offices(self, pack: Pack) -> OfficeList | None:
        """The list of offices; None for a pack without one."""
        entry = next(self.maps("offices.yaml"), None)
        return read_offices(entry, pack, self.findings) if entry is not None else None

    def beginnings(self) -> tuple[tuple[Audience, ...], tuple[Audience, ...]]:
        """Who one is and what one wants."""
        head = next(self.maps("audiences.yaml"), Map("audiences.yaml", 1))
        return (
            tuple(audience(e) for e in head.maps("audiences")),
            tuple(audience(e) for e in head.maps("wants")),
        )

    def meanings(self) -> dict[str, tuple[str, ...]]:
        """Read for each word of people the words to look for: its synonyms, or what an everyday word stands for."""
        found: dict[str, tuple[str, ...]] = {}
        for path in self.files("synonyms.yaml"):
            content = self.content(path)
            for entry in content if isinstance(content, list) else []:
                if isinstance(entry, list):
                    said = wanted = tuple(map(str, entry))
                elif isinstance(entry, dict) and entry.keys() - {"tell"} == {"say", "find"}:
                    said, wanted = tuple(map(str, entry["say"])), tuple(map(str, entry["find"]))
                else:
                    message = "an entry is a list of synonyms, or says with `say` and `find` what a word stands for"
                    self.findings.append(Finding(str(path), 1, 1, "bad_synonym", message))
                    continue
                found |= dict.fromkeys((word.lower() for word in said), wanted)
        return found

    def hints(self) -> dict[str, Text]:
        """Read what is said to a search for an everyday word that nothing of the pack answers."""
        contents = [self.content(path) for path in self.files("synonyms.yaml")]
        return {
            str(word).lower(): Text(str(entry["tell"]["zh"]), str(entry["tell"]["en"]))
            for content in contents
            for entry in (content if isinstance(content, list) else [])
            if isinstance(entry, dict) and "tell" in entry
            for word in entry["say"]
        }


def audience(entry: Map) -> Audience:
    """One way to begin."""
    kinds, themes = entry.texts("kinds"), entry.texts("themes")
    return Audience(
        entry.text("id"),
        text(entry),
        entry.text("icon"),
        entry.text("subject"),
        dict(entry.map("facts")),
        kinds,
        themes,
        sensitive=entry.get("sensitive") is True,
        opens=entry.get("opens") is True,
    )


def scope_of(facts: Mapping[str, Fact], rows: Mapping[str, RowKind], codes: Mapping[str, CodeList]) -> check.Scope:
    """What expressions may read."""
    columns = {n: {c: check.kind_of_fact(f) for c, f in r.columns.items()} for n, r in rows.items()}
    return check.Scope({n: check.kind_of_fact(f) for n, f in facts.items()}, codes, columns)


def path_findings(
    entry: Map, measure: Measure, facts: Mapping[str, Fact], relations: tuple[Relation, ...]
) -> Iterator[Finding]:
    """A fact of another subject is usable where exactly one to-one path leads to it."""
    read = {n for v in measure.versions for n in fact_names(v_nodes(v))} & facts.keys()
    for name in sorted(n for n in read if facts[n].subject != measure.subject):
        target = facts[name].subject
        paths = list(paths_between(measure.subject, target, relations, ()))
        if len(paths) != 1:
            told = " or ".join(" → ".join(p) for p in paths) or "none"
            message = f"'{name}' is a fact of {target}; paths from {measure.subject}: {told}"
            yield entry.finding("subject", "path", message, "declare one relation in relations.yaml")


def v_nodes(version: object) -> Iterator[tree.Node]:
    """Every expression of a version."""
    conditions, benefit = getattr(version, "conditions", ()), getattr(version, "benefit", None)
    yield from (c.when for c in conditions)
    yield from (line.value for line in getattr(benefit, "lines", ()))
    amount = getattr(benefit, "amount", None)
    if amount is not None:
        yield amount


def fact_names(nodes: Iterator[tree.Node]) -> Iterator[str]:
    """The names read by several expressions."""
    for node in nodes:
        yield from tree.names(node)


def find_circle(name: str, read: Mapping[str, tuple[str, ...]], path: tuple[str, ...]) -> tuple[str, ...]:
    """A path from a derived fact back to itself, empty where there is none; ``read`` is what each derivation reads."""
    if name in path:
        return (*path[path.index(name) :], name)
    return next((c for c in (find_circle(n, read, (*path, name)) for n in read.get(name, ())) if c), ())


def paths_between(
    source: str, target: str, relations: tuple[Relation, ...], seen: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """To-one paths that visit no subject kind twice, by their relation names."""
    if source == target:
        yield ()
        return
    for relation in relations:
        if relation.source == source and relation.target not in {*seen, source}:
            for rest in paths_between(relation.target, target, relations, (*seen, source)):
                yield (relation.name, *rest)
