"""The beginning in life words: what follows from the answers, whom they make one, and what is wrong in a pack."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from minipack import build

from chuangbao.rules import Engine, PackError, load_pack
from chuangbao.rules.interview import days_of_turns, judge_life

if TYPE_CHECKING:
    from pathlib import Path

    from chuangbao.rules.interview import Lived

DAY = date(2015, 12, 31)
AUDIENCES = """\
audiences:
- {id: founder, zh: 创业者, en: Founder}
- {id: firm, zh: 企业, en: Company}
wants: []
"""
INTERVIEW = """\
pages:
- id: you
  zh: 您
  en: You
  questions:
  - name: registered
    kind: one
    zh: 登记了吗？
    en: Registered?
    help: {zh: 看执照, en: See the licence}
    example: {zh: 是, en: "Yes"}
    options:
    - {id: already, zh: 是, en: "Yes", audiences: [firm]}
    - {id: idea, zh: 没有, en: "No", facts: {employees: 0, insured: false}}
  - name: groups
    kind: many
    zh: 属于哪些？
    en: Which?
    options:
    - {id: small, zh: 小, en: Small, facts: {groups_of: [a]}, unless: [firm]}
    - {id: old, zh: 老, en: Old, facts: {groups_of: [b]}}
- id: more
  zh: 生意
  en: Business
  questions:
  - {name: employees, kind: fact, zh: 几个人？, en: How many?, when: registered = 'already'}
fillings:
- {when: "who = 'firm'", facts: {industry_kind: industrial, grade_of: [b]}}
- {when: employees > 0, facts: {taxable_income: "=employees * 1000", insured: true}}
- {when: insured, facts: {open_for_all: true}}
- {when: "registered = 'idea'", facts: {}, audiences: [founder], aside: [1.1-tax]}
- {assumed: true, when: "registered = 'idea'", facts: {taxable_income: 10}}
- {when: "who = 'none'", facts: {nothing_of: null, employees: "=0 - 5"}}
turns:
- {on: opens_on, when: "who = 'founder'", says: {who: firm, registered: already}, zh: 开业, en: the opening}
"""
CODES = """
- list: ab
  title: {zh: 甲乙, en: AB}
  codes: [{code: a, zh: 甲, en: A}, {code: b, zh: 乙, en: B}, {code: none, zh: 都不是, en: None}]
- list: grade
  title: {zh: 级, en: Grade}
  codes: [{code: b, zh: 乙, en: B}]
"""
FACTS = """
- name: groups_of
  subject: enterprise
  group: money
  type: codes
  codes: ab
  label: {zh: 组, en: Groups}
  question: {zh: 哪组？, en: Which?}
- name: grade_of
  subject: enterprise
  group: money
  type: codes
  codes: grade
  label: {zh: 级, en: Grade}
  question: {zh: 哪级？, en: Which?}
- name: nothing_of
  subject: enterprise
  group: money
  type: money
  unit: CNY
  may_be_absent: true
  label: {zh: 无, en: Nothing}
  question: {zh: 有吗？, en: Any?}
- name: opens_on
  subject: enterprise
  group: money
  type: date
  label: {zh: 开业日, en: Day of opening}
  question: {zh: 哪天开业？, en: When does it open?}
"""


def make_pack(folder: Path, interview: str = INTERVIEW) -> Path:
    """Build the small pack with an interview."""
    build(folder)
    (folder / "audiences.yaml").write_text(AUDIENCES)
    (folder / "interview.yaml").write_text(interview)
    for place, text in (("codes", CODES), ("facts", FACTS)):
        (folder / place / "more.yaml").write_text(text)
    return folder


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine over the small pack with an interview."""
    return Engine(load_pack(make_pack(tmp_path_factory.mktemp("pack"))))


def live(engine: Engine, raw: dict[str, object] | None = None, **life: str | frozenset[str]) -> Lived:
    """What an interview makes of some answers."""
    return judge_life(engine, raw or {}, life, as_of=DAY, region="220000")


def test_who_has_nothing_registered_has_no_staff_and_is_reckoned_with_an_income(engine: Engine) -> None:
    found = live(engine, who="none", registered="idea")
    assert found.filled == {"employees": 0, "insured": False, "nothing_of": None}
    assert found.assumed == {"taxable_income": 10}
    assert found.audiences == {"founder"}
    assert found.profile.raw["taxable_income"] == 10
    assert [[q.name for q in page.questions] for page in found.pages] == [["registered", "groups"]]


def test_what_one_does_not_do_is_set_aside_once_it_is_said(engine: Engine) -> None:
    assert live(engine, who="none", registered="idea").aside == {"1.1-tax"}
    assert live(engine, who="none", registered="already").aside == set()
    assert live(engine, who="none").aside == set(), "silence is no denial"


def test_fillings_hang_on_fillings_and_what_was_stated_goes_first(engine: Engine) -> None:
    found = live(engine, {"employees": 3}, who="firm", registered="already")
    assert found.filled["taxable_income"] == 3000
    assert found.filled["open_for_all"] is True
    assert found.filled["industry_kind"] == "industrial"
    assert found.audiences == {"firm"}
    assert found.pages[1].questions[0].name == "employees"
    stated = live(engine, {"employees": 3, "insured": False}, who="firm", registered="already")
    assert "insured" not in stated.filled
    assert "open_for_all" not in stated.filled


def test_a_figure_that_the_catalogue_does_not_admit_is_not_filled_in(engine: Engine) -> None:
    assert "employees" not in live(engine, who="none").filled


def test_groups_are_known_once_every_question_about_them_is_answered(engine: Engine) -> None:
    assert "groups_of" not in live(engine).filled
    assert live(engine, groups=frozenset({"small", "old"})).filled["groups_of"] == ["a", "b"]
    assert live(engine, groups=frozenset()).filled["groups_of"] == ["none"]
    assert "groups_of" not in live(engine, {"groups_of": ["a"]}, groups=frozenset({"old"})).filled
    offered = [option.id for option in live(engine).pages[0].questions[1].options_for("firm")]
    assert offered == ["old"]


def test_a_pack_without_an_interview_asks_nothing_of_life(tmp_path: Path) -> None:
    bare = Engine(load_pack(build(tmp_path)))
    found = judge_life(bare, {}, {"who": "firm"}, as_of=DAY, region="220000")
    assert found.pages == ()
    assert found.audiences == {"firm"}


@pytest.mark.parametrize(("opens_on", "turned"), [("2015-12-31", True), ("2016-01-01", False), (None, False)])
def test_from_its_day_on_one_is_judged_as_what_one_has_become(
    engine: Engine, opens_on: str | None, *, turned: bool
) -> None:
    raw: dict[str, object] = {"opens_on": opens_on} if opens_on else {}
    found = live(engine, raw, who="founder", registered="idea")
    assert (found.turn is not None) is turned
    assert found.audiences == ({"firm"} if turned else {"founder"})
    assert ("employees" in found.filled) is not turned, "who has an idea has no staff"
    assert [[q.name for q in page.questions] for page in found.pages] == [["registered", "groups"]], "as it was asked"
    ahead = [] if turned or opens_on is None else [date(2016, 1, 1)]
    assert days_of_turns(engine, found.profile) == ahead


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("facts: {employees: 0,", "facts: {employes: 0,", "no such fact: 'employes'"),
        ("facts: {employees: 0,", "facts: {employees: many,", "'many' is no value of 'employees'"),
        ("audiences: [firm]", "audiences: [firms]", "no such audience: 'firms'"),
        ("name: employees, kind: fact", "name: employes, kind: fact", "no such fact: 'employes'"),
        ("kind: one", "kind: two", "'two' is not a known kind"),
        ("when: employees > 0", "when: employes > 0", "there is no fact or parameter 'employes'"),
        ("when: employees > 0", "when: employees >", ""),
        ("when: registered = 'already'", "when: registered = 'alredy'", "alredy"),
        ('"=employees * 1000"', '"=insured"', "a decimal is expected here"),
        ('"=employees * 1000"', '"=employees *"', ""),
        ("aside: [1.1-tax]", "aside: [1.1-tex]", "no such measure: '1.1-tex'"),
        ("on: opens_on", "on: insured", "'insured' is no day of the catalogue"),
        ("says: {who: firm,", "says: {who: farm,", "'farm' is no answer of 'who'"),
        ("says: {who: firm,", "says: {whose: firm,", "no such question: 'whose'"),
        ("says: {who: firm,", "says: {insured: firm,", "no such question: 'insured'"),
        ("name: registered\n", "name: insured\n", "the name 'insured' is that of a fact"),
    ],
)
def test_what_is_wrong_in_an_interview_is_said_at_its_place(tmp_path: Path, was: str, now: str, told: str) -> None:
    assert was in INTERVIEW
    with pytest.raises(PackError) as caught:
        load_pack(make_pack(tmp_path, INTERVIEW.replace(was, now)))
    assert any(f.file.endswith("interview.yaml") and told in f.message for f in caught.value.findings)
