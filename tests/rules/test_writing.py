"""A measure as a text: errors at their line, versions cut and joined byte for byte, edits that touch nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.rules.changes import changes
from chuangbao.rules.model import Text
from chuangbao.rules.trial import Sample, effect_of, tried
from chuangbao.rules.writing import (
    drop_value,
    dump,
    items_of,
    join_versions,
    put_items,
    put_period,
    put_value,
    read_measure_text,
    split_versions,
    value_of,
)
from keptpack import load_house_pack
from measuretext import text_of

PACK = Path(__file__).parents[2] / "packs" / "jilin"
FILES = sorted((PACK / "measures").glob("*.yaml"))
DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def pack():
    return load_house_pack()


def codes(text, pack):
    return [(f.code, f.line) for f in read_measure_text(text, pack).findings]


def read(text, pack):
    found = read_measure_text(text, pack)
    assert found.findings == ()
    return found.measure


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_of_the_pack_is_cut_read_and_joined_to_the_same_bytes(file, pack):
    text = file.read_text("utf-8")
    head, blocks = split_versions(text)
    texts = [head + block for _name, block in blocks]
    assert join_versions(texts) == text
    for one in texts:
        found = read_measure_text(one, pack)
        version = found.version
        assert found.findings == ()
        assert put_period(one, version.valid_from, version.valid_to) == one
        assert put_items(one, "conditions", items_of(one, "conditions")) == one
        assert put_items(one, "examples", items_of(one, "examples")) == one
        assert all(case.right for case in tried(pack, found.measure))


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("employees_avg <=", "employes_avg <="), "unknown_name", 16),
        (("employees_avg <= 10", "employees_avg <= 'x'"), "type", 16),
        (("employees_avg <= 10", "employees_avg <="), "syntax", 16),
        (("id: 2.2.4-x\n", ""), "no_id", 1),
        (("- version: V1\n  title", "- title"), "no_version", 8),
        (("  - id: staff\n    zh", "  - zh"), "condition_id", 13),
        (("clauses: [2.2.4]", "clauses: [9.9.9]"), "unknown_clause", 5),
        (("kind: subsidy", "kind: gift"), "kind", 17),
        (("from: 2026-01-01", "from: soon"), "date", 10),
        (("subject: enterprise", "subject: investor"), "path", 3),
    ],
)
def test_each_mistake_is_told_at_its_line(change, code, line, pack):
    text = text_of()
    assert change[0] in text
    assert (code, line) in codes(text.replace(*change), pack)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "yaml"), ("- a", "no_measure"), ("", "no_measure"), ("id: \x00", "characters"),
        ("id: \x07", "characters"), (text_of() + "themes2: []\n", "layout"),
        (text_of().replace("title: {zh: 小奖励,", "title: &a {zh: 小奖励,").replace("themes: [subsidy]", "themes: [*a]"), "alias"),
        (text_of() + text_of().split("versions:\n")[1], "one_version"), ("[" * 5000, "yaml"),
        ("[" * 700 + "]" * 700, "too_deep"),
        ("a\ud800", "characters"),
        (text_of().replace("  - id: staff", "  - id: staff\n    zh: a\n    when: is_hnte\n  - id: staff"), "condition_id"),
    ],
)  # fmt: skip
def test_what_is_no_text_of_a_measure_is_said(text, code, pack):
    assert code in [found[0] for found in codes(text, pack)]


@settings(deadline=None)  # the first case loads the pack
@given(st.text(alphabet="abc: -[]{}'\"\n#&*!|>%@`,?0.1é中\x85\t", max_size=80))
def test_no_text_breaks_the_reader(text):
    found = read_measure_text(text, load_mini())
    assert found.measure is None
    assert found.version is None


@settings(deadline=None)  # the same
@given(st.integers(0, 500), st.text(alphabet="ab: -[]{}'\n#&*", max_size=12))
def test_no_typing_error_in_a_text_breaks_the_reader_or_the_editor(place, typed):
    text = text_of()
    broken = text[: place % len(text)] + typed + text[place % len(text) :]
    read_measure_text(broken, load_mini())
    try:
        put_items(broken, "conditions", items_of(broken, "conditions"))
    except ValueError as error:
        assert "text" in str(error)  # noqa: PT017 - either works, or it says that it cannot be edited yet


@cache
def load_mini():
    return replace(load_house_pack(), measures={})


def test_an_edit_changes_its_own_lines_only():
    text = text_of()
    new = put_value(text, "clause", "2.2.5")
    assert new == text.replace("  clause: 2.2.4", "  clause: 2.2.5")
    assert put_value(text, "version", "V9") == text.replace("version: V1", "version: V9")
    assert put_value(text, "source", "公报").endswith("  source: 公报\n")
    assert put_value(text.rstrip("\n"), "source", "公报").endswith("1000}\n  source: 公报\n")
    assert put_period(text, DAY, date(2026, 12, 31)) == text.replace(
        "  valid: {from: 2026-01-01, to: null}\n", "  valid:\n    from: 2026-01-01\n    to: 2026-12-31\n"
    )
    assert put_items(text, "checks", []) == text
    assert "conditions: []" in put_items(text, "conditions", [])
    assert value_of(text, "nothing") is None


def test_an_item_that_says_the_same_keeps_its_own_lines():
    text = text_of().replace("    en: Few people\n", "    en: Few people  # as the notice has it\n")
    new = put_items(text, "conditions", [*items_of(text, "conditions"), {"id": "b", "zh": "甲", "when": "is_hnte"}])
    assert "# as the notice has it" in new
    assert new.replace("  - id: b\n    zh: 甲\n    when: is_hnte\n", "") == text
    flow = text_of().replace(
        "\n  - name: 例1\n    facts: {employees_avg: 10}\n    expect: {status: eligible, amount: 1000}", " [{name: a}]"
    )
    assert "  examples:\n  - name: a\n  - name: b\n" in put_items(flow, "examples", [{"name": "a"}, {"name": "b"}])


def test_a_block_text_ends_where_the_next_key_begins():
    text = text_of().replace("  clause: 2.2.4\n", "  notes: |\n    one\n    two\n  clause: 2.2.4\n")
    assert put_value(text, "notes", "x") == text_of().replace("  clause: 2.2.4\n", "  notes: x\n  clause: 2.2.4\n")


@pytest.mark.parametrize("text", ["a: [", "versions: x", "versions:\n- {version: a}\n", "versions:\n- a\n", "x"])
def test_what_cannot_be_edited_in_place_is_refused(text):
    with pytest.raises(ValueError, match="text"):
        put_value(text, "a", 1)


def test_a_period_that_is_not_there_is_added():
    text = text_of().replace("  valid: {from: 2026-01-01, to: null}\n", "")
    assert put_period(text, DAY, None).endswith("  valid:\n    from: 2026-01-01\n    to: null\n")


def test_nothing_is_written_as_an_alias():
    same = {"zh": "甲"}
    assert "*" not in dump([same, same])


def test_differences_are_told_one_by_one(pack):
    before = read(text_of(), pack).versions[0]
    text = text_of(figure=20).replace(
        "employees_avg <= 20\n", "employees_avg <= 20\n  - {id: hnte, zh: 高企, en: x, when: is_hnte}\n"
    )
    text = text.replace('unit: CNY, amount: "1000"', 'unit: CNY/year, amount: "cap"').replace(
        "from: 2026-01-01", "from: 2026-07-01"
    )
    text += "  parameters:\n    cap: {type: money, unit: CNY, values: [{from: 2026-01-01, value: 2000}]}\n"
    text += "  documents:\n  - {zh: 申请表, en: Form}\n"
    after = read(text, pack).versions[0]
    found = changes(before, after)
    assert [c.kind for c in found] == [
        "condition_added", "condition_changed", "kind", "formula", "parameter_added", "period", "paper_added",
    ]  # fmt: skip
    moved = found[1].detail[0]
    assert (moved.kind, moved.before.values[0].text, moved.after.values[0].text) == ("threshold", "10", "20")
    back = [c.kind for c in changes(after, before)]
    assert {"condition_removed", "parameter_removed", "paper_removed"} <= set(back)
    assert changes(before, before) == []


def test_a_condition_of_another_shape_is_told_as_a_whole(pack):
    before = read(text_of(), pack).versions[0]
    for when in ("employees_avg <= 10 AND is_hnte", "employees_avg >= 10", "employees_avg <= 5 + 5"):
        after = read(text_of().replace("when: employees_avg <= 10", f"when: {when}"), pack).versions[0]
        change = next(c for c in changes(before, after) if c.kind == "condition_changed")
        assert change.detail == ()
    manual = replace(before, manual=Text("人工"))
    assert [c.kind for c in changes(before, manual)] == ["manual"]


def test_a_figure_that_moved_is_told_with_its_label(pack):
    tail = "  parameters:\n    cap: {{label: {{zh: 上限, en: Cap}}, values: [{{from: 2026-01-01, value: {}}}]}}\n"
    texts = [text_of().replace('"1000"', "cap").replace("amount: 1000}", "amount: 5}") + tail.format(n) for n in (5, 6)]
    versions = [read(text, pack).versions[0] for text in texts]
    found = changes(*versions)
    assert [(c.kind, str(c.what)) for c in found] == [("parameter", "上限")]
    assert changes(versions[0], versions[0]) == []


def test_a_case_that_fails_says_how(pack):
    measure = read(text_of().replace("status: eligible, amount: 1000", "status: eligible, amount: 1001"), pack)
    case = tried(pack, measure)[0]
    assert (case.right_status, case.right_amount, case.right) == (True, False, False)
    wrong = read(text_of().replace("facts: {employees_avg: 10}", "facts: {employes: 10}"), pack)
    case = tried(pack, wrong)[0]
    assert case.answer is None
    assert not case.right
    assert "employes" in case.problems[0]


def samples(*counts):
    return [Sample(str(n), {} if n is None else {"employees_avg": n}, DAY) for n in counts]


def test_a_sample_shows_who_gains_and_who_loses(pack):
    before, after = (
        read(text_of(figure=10), pack),
        read(text_of(figure=20).replace('"1000"', '"employees_avg * 100"').replace(", amount: 1000", ""), pack),
    )
    found = effect_of(pack, before, after, [*samples(5, 10, 15, 25, None), Sample("?", {"nothing": 1}, DAY)])
    assert [s.name for s in found.gained] == ["15"]
    assert [s.name for s in found.amount_down] == ["5"]
    assert (found.total, found.same) == (5, 3)
    back = effect_of(pack, after, before, samples(15, 5))
    assert ([s.name for s in back.lost], [s.name for s in back.amount_up]) == (["15"], ["5"])
    fresh = effect_of(pack, None, before, samples(5, None))
    assert ([s.name for s in fresh.gained], [s.name for s in fresh.opened]) == (["5"], ["None"])


ODD = (
    "{}", "{}  # nothing yet", "[]", "x", "", "1", "null", "{a: 1}", "versions: []", "versions: {}", "versions: [1]",
    "versions:\n  - {}\n", "versions:\n  - 1\n", "{versions: [{version: a}]}", "id: x\nversions:\n- version: a\n", "---\n",
    "a: &x 1\nb: *x", "!!python/object:os.system x", "versions:\n- [1]\n", "? a\n: b", "{}\n---\n{}",
    "versions:\n- version: {a: b}\n  valid: 3\n  conditions: 4\n  parameters: 5\n", "%YAML 2.0\n---\n{}", "\x00",
    "versions:\n- version: 1\n  conditions: {a: 1}\n", "title: 3\nversions:\n- valid: {from: x}\n", "{[]: 1}", "? {a: 1}\n: 2",
)  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_a_text_that_is_no_measure_yet_is_said_to_be_none_and_never_breaks(text, pack):
    assert read_measure_text(text, pack).findings
    edits = (
        lambda: split_versions(text), lambda: items_of(text, "conditions"), lambda: value_of(text, "benefit"),
        lambda: put_items(text, "conditions", [{"id": "a"}]), lambda: put_period(text, DAY, None),
        lambda: put_value(text, "valid", {"from": DAY}),
    )  # fmt: skip
    for edit in edits:
        try:
            edit()
        except ValueError:
            continue


def test_a_key_of_the_version_is_dropped_and_the_dash_stays():
    text = "id: a\nversions:\n- grant: apply\n  version: V\n  window: {from: 03-01, to: 04-30}\n"
    assert drop_value(text, "window") == "id: a\nversions:\n- grant: apply\n  version: V\n"
    assert drop_value(text, "deadline") == text
    assert drop_value(text, "grant").splitlines()[2:4] == ["- grant: null", "  version: V"]
