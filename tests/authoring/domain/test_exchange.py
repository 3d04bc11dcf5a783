"""Packs and register: what is lacking is added, no officer is overwritten, and what goes in comes out byte for byte."""

from __future__ import annotations

import filecmp
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from typer.testing import CliRunner

import factories
from chuangbao.authoring.domain.authored import publish_text
from chuangbao.authoring.domain.documents import bring_document
from chuangbao.authoring.domain.drafts import save_draft, submit_draft
from chuangbao.authoring.domain.exchange import export_register, load_measure, load_register
from chuangbao.authoring.domain.publish import publish_version, retire_version
from chuangbao.authoring.domain.skeleton import begin_revision
from chuangbao.cli import app
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.engine.current import current_pack, use_newest_engine
from chuangbao.policies.domain.overlay import Register
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
from chuangbao.rules import load_pack
from chuangbao.rules.writing import put_period

pytestmark = pytest.mark.usefixtures("regions")
FOLDER = Path(settings.PACK_DIR)
DAY = date(2026, 3, 1)
REF = "2.3.5-jl-init"


@pytest.fixture
def pack():
    return load_pack(FOLDER, Path(settings.DATA_DIR) / "cache")


def few(pack):
    """The pack with three of its measures: each is loaded by itself, and one test loads them all."""
    refs = [REF, *(ref for ref in pack.measures if ref != REF)][:3]
    return replace(pack, measures={ref: pack.measures[ref] for ref in refs})


@pytest.fixture
def copy(tmp_path):
    """The pack in a folder that a test may change."""
    shutil.copytree(FOLDER, tmp_path / "copy")
    return tmp_path / "copy"


def same_files(one, other):
    names = sorted(p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(other).as_posix() for p in other.rglob("*") if p.is_file())
    return [n for n in names if not filecmp.cmp(one / n, other / n, shallow=False)]


def officer(*duties, department):
    return factories.officer(*duties, region=factories.PROVINCE, department=department)


def revised(ref, department="人力资源社会保障"):
    """A revision by an officer, published by a colleague."""
    author, reviewer = (
        officer("policy_editor", department=department),
        officer("policy_reviewer", department=department),
    )
    draft = begin_revision(ref=ref, day=DAY, actor=author)
    return publish_version(version=submit_draft(draft=draft, actor=author), valid_from=DAY, actor=reviewer)


def test_a_loaded_pack_is_written_back_byte_for_byte_and_judged_the_same(pack, tmp_path):
    loaded = load_register(pack=pack, actor=SYSTEM)
    assert (len(loaded.added), loaded.conflicts) == (len(pack.versions), [])
    written = export_register(pack=pack, out=tmp_path / "out")
    assert len(written) == len(pack.measures)
    assert same_files(FOLDER, tmp_path / "out") == []
    again = load_register(pack=pack, actor=SYSTEM)
    assert load_measure(pack=pack, measure=pack.measures[REF]).added == []
    assert (again.added, again.known, again.conflicts) == ([], len(pack.versions), [])
    assert MeasureVersion.objects.filter(origin="pack", author=None, reviewer=None).count() == len(pack.versions)
    assert Register().over(pack, Register().stamp()).measures == pack.measures


def test_what_an_officer_published_is_written_back_and_stands_in_a_new_pack(pack, tmp_path):
    version = revised(REF)
    export_register(pack=pack, out=tmp_path / "out")
    assert same_files(FOLDER, tmp_path / "out") == [f"measures/{REF}.yaml"]
    found = load_pack(tmp_path / "out").measures[REF]
    assert [v.version for v in found.versions] == [*(v.version for v in pack.measures[REF].versions), version.name]
    assert (found.versions[-2].valid_to, found.versions[-1].valid_from) == (date(2026, 2, 28), DAY)
    assert load_register(pack=few(pack), actor=SYSTEM).conflicts == []


def test_both_sides_with_new_versions_are_told_side_by_side_and_nothing_is_added(copy):
    revised(REF)
    file = copy / "measures" / f"{REF}.yaml"
    text = file.read_text("utf-8")
    block = text.split("versions:\n")[1].replace("version: JL-INIT", "version: JL-INIT-OTHER", 1)
    block = put_period("versions:\n" + block, date(2030, 1, 1), None).split("versions:\n")[1]
    file.write_text(
        put_period(text, date(2015, 1, 1), date(2029, 12, 31)).replace("version: JL-INIT\n", "version: JL-INIT-A\n")
        + block,
        "utf-8",
    )
    before = MeasureVersion.objects.filter(measure__ref=REF).count()
    loaded = load_register(pack=few(load_pack(copy)), actor=SYSTEM)
    assert [c.measure for c in loaded.conflicts] == [REF]
    assert MeasureVersion.objects.filter(measure__ref=REF).count() == before
    assert not any(REF in name for name in loaded.added)
    assert loaded.added != []


def test_a_version_that_the_file_changed_is_a_conflict(pack, copy):
    load_register(pack=few(pack), actor=SYSTEM)
    file = copy / "measures" / f"{REF}.yaml"
    file.write_text(file.read_text("utf-8").replace("issuer:", "issuer: 另一个 # "), "utf-8")
    loaded = load_register(pack=few(load_pack(copy)), actor=SYSTEM)
    assert [(c.measure, "immutable" in c.why) for c in loaded.conflicts] == [(REF, True)]


def test_a_new_title_in_the_file_reaches_the_register_where_no_officer_has_written(pack, copy):
    load_register(pack=few(pack), actor=SYSTEM)
    file = copy / "measures" / f"{REF}.yaml"
    file.write_text("# a remark\n" + file.read_text("utf-8"), "utf-8")
    load_register(pack=few(load_pack(copy)), actor=SYSTEM)
    assert RegisteredMeasure.objects.get(ref=REF).head.startswith("# a remark\n")


def test_a_file_that_cannot_be_cut_is_left_alone(copy):
    (copy / "measures" / f"{REF}.yaml").write_text(
        (copy / "measures" / f"{REF}.yaml").read_text("utf-8") + "reach: 1\n", "utf-8"
    )
    loaded = load_register(pack=few(load_pack(copy)), actor=SYSTEM)
    assert [(c.measure, c.why.startswith("file:")) for c in loaded.conflicts] == [(REF, True)]


def test_a_retired_version_of_the_files_ends_for_the_engine_too(pack):
    load_register(pack=few(pack), actor=SYSTEM)
    row = MeasureVersion.objects.filter(measure__ref=REF).latest("pk")
    reviewer = factories.officer("policy_reviewer", region=factories.PROVINCE, department=row.department)
    last = timezone.localdate()
    retire_version(version=row, proposal=factories.proposed(row, "retire", reviewer, valid_to=last), actor=reviewer)
    with use_newest_engine():
        assert current_pack().measures[REF].version_at(last + timedelta(1)) is None


def test_a_document_is_written_back_with_its_clauses(pack, tmp_path):
    author = factories.officer("policy_editor")
    text, parsed = read_text("关于软件的通知\n\n一、补贴\n\n（一）对软件给予适当补贴。\n")
    document = bring_document(ref="cc-1", text=text, parsed=parsed, actor=author)
    from chuangbao.authoring.domain.authored import move_on

    move_on(row=document, verb="submit", actor=author)
    publish_text(row=document, valid_from=DAY, actor=factories.officer("policy_reviewer"))
    export_register(pack=pack, out=tmp_path / "out")
    found = load_pack(tmp_path / "out").documents["cc-1"]
    assert [c.id for c in found.clauses] == ["cc-1:1", "cc-1:1.1"]
    with use_newest_engine():
        assert current_pack().documents["cc-1"].clauses[1].left_open.zh


def test_the_commands_load_and_write(tmp_path, copy, db):
    run = CliRunner().invoke
    done = run(app, ["pack", "load", str(copy)])
    assert (done.exit_code, "150 added, 0 known, 0 in conflict" in done.stdout) == (0, True)
    assert run(app, ["pack", "export", "--out", str(tmp_path / "out")]).exit_code == 0
    assert same_files(FOLDER, tmp_path / "out") == []
    file = copy / "measures" / f"{REF}.yaml"
    file.write_text(file.read_text("utf-8").replace("issuer:", "issuer: 另一个 # "), "utf-8")
    done = run(app, ["pack", "load", str(copy)])
    assert done.exit_code == 1
    assert "-  issuer:" in done.stdout
    assert run(app, ["pack", "load", str(tmp_path)]).exit_code == 2


def test_a_measure_without_a_published_version_is_not_written(pack, tmp_path):
    RegisteredMeasure.objects.create(ref="x-1", region_id=factories.COUNTY, department="科技", head="id: x-1\n")
    assert export_register(pack=pack, out=tmp_path / "out") == []


def test_a_draft_that_was_saved_says_what_it_is_about():
    author = officer("policy_editor", department="人力资源社会保障")
    draft = begin_revision(ref=REF, day=DAY, actor=author)
    text = draft.content.replace("version: ", "version: NEW-", 1)
    assert save_draft(draft=draft, content=text, revision=1, actor=author).name.startswith("NEW-")
