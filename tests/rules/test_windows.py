"""When one may apply: open, opens, missed; it never changes a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import world
from minipack import build

from chuangbao.rules import PackError, Status, load_pack
from chuangbao.rules.model import Window
from chuangbao.rules.windows import Opening, opening_of

SPRING = Window((3, 1), (4, 30))
WINTER = Window((11, 1), (2, 29))
SPAN = Window(None, None, 6, "month", "founded")


def opening(window: Window, day: date, value: object = None, **life: date) -> Opening:
    """Where a day stands to a window."""
    return opening_of(replace(world.version("v", "open", window=window), **life), day, value)


OF_THE_YEAR = [
    (SPRING, date(2026, 2, 28), "opens", date(2026, 3, 1), date(2026, 4, 30)),
    (SPRING, date(2026, 3, 1), "open", date(2026, 3, 1), date(2026, 4, 30)),
    (SPRING, date(2026, 4, 30), "open", date(2026, 3, 1), date(2026, 4, 30)),
    (SPRING, date(2026, 5, 1), "opens", date(2027, 3, 1), date(2027, 4, 30)),
    (WINTER, date(2026, 1, 15), "open", date(2025, 11, 1), date(2026, 2, 28)),
    (WINTER, date(2024, 2, 29), "open", date(2023, 11, 1), date(2024, 2, 29)),
    (WINTER, date(2026, 3, 1), "opens", date(2026, 11, 1), date(2027, 2, 28)),
    (Window((2, 29), (2, 29)), date(2027, 2, 28), "opens", date(2028, 2, 29), date(2028, 2, 29)),
    (Window((2, 29), (3, 5)), date(2027, 2, 28), "opens", date(2027, 3, 1), date(2027, 3, 5)),
    (Window((1, 1), (12, 31)), date(2026, 7, 7), "open", date(2026, 1, 1), date(2026, 12, 31)),
]


@pytest.mark.parametrize(("window", "day", "state", "opens", "closes"), OF_THE_YEAR)
def test_both_ends_of_a_year_s_window_are_in_and_it_may_wrap(window, day, state, opens, closes):
    assert opening(window, day) == Opening(state, opens, closes)


def test_a_window_opens_only_while_the_version_lives():
    life = {"valid_from": date(2026, 3, 15), "valid_to": date(2027, 3, 10)}
    assert opening(SPRING, date(2026, 1, 1), **life) == Opening("opens", date(2026, 3, 15), date(2026, 4, 30))
    assert opening(SPRING, date(2026, 5, 1), **life) == Opening("opens", date(2027, 3, 1), date(2027, 3, 10))
    assert opening(SPRING, date(2027, 3, 11), **life) == Opening("missed", date(2027, 3, 1), date(2027, 3, 10))
    assert opening(SPRING, date(2031, 3, 11), **life).state == "missed"
    never = {"valid_from": date(2026, 6, 1), "valid_to": date(2026, 8, 1)}
    assert opening(SPRING, date(2026, 7, 1), **never).state == "missed"


def test_every_day_is_as_the_definition_says():
    for window in (SPRING, WINTER, Window((12, 31), (1, 1)), Window((2, 29), (2, 28))):
        day = date(2023, 1, 1)
        while day < date(2025, 3, 1):
            here, start, end = (day.month, day.day), window.start, window.end
            inside = start <= here <= end if start <= end else here >= start or here <= end
            found = opening(window, day)
            assert (found.state == "open") is inside
            assert found.opens <= day <= found.closes if inside else day < found.opens
            day += timedelta(days=1)


WITHIN = [
    (SPAN, date(2026, 1, 30), "opens"),
    (SPAN, date(2026, 1, 31), "open"),
    (SPAN, date(2026, 7, 31), "open"),
    (SPAN, date(2026, 8, 1), "missed"),
    (replace(SPAN, count=30, unit="day"), date(2026, 3, 2), "open"),
    (replace(SPAN, count=30, unit="day"), date(2026, 3, 3), "missed"),
    (replace(SPAN, count=1, unit="year"), date(2027, 1, 31), "open"),
    (replace(SPAN, count=1, unit="year"), date(2027, 2, 1), "missed"),
]


@pytest.mark.parametrize(("window", "day", "state"), WITHIN)
def test_a_span_after_a_day_has_both_ends(window, day, state):
    assert opening(window, day, date(2026, 1, 31)).state == state


def test_a_span_after_a_day_that_is_not_known_is_not_known():
    assert opening(SPAN, date(2026, 1, 1)) == Opening("unknown", fact="founded")
    assert opening(replace(SPAN, count=999, unit="year"), date(9500, 1, 1), date(9500, 1, 1)).closes == date.max


def test_a_window_never_changes_the_verdict():
    engine = world.engine(world.version("v", "open", window=SPRING), world.version("w", "open", window=SPAN))
    profile = engine.profile({"open": True, "founded": date(2015, 2, 28)}, as_of=world.DAY)
    shut, missed = (engine.judge(profile, name) for name in ("v", "w"))
    assert {shut.status, missed.status} == {Status.ELIGIBLE}
    assert shut.to_dict()["window"] == {"state": "opens", "opens": "2016-03-01", "closes": "2016-04-30"}
    assert missed.to_dict()["window"] == {"state": "missed", "opens": "2015-02-28", "closes": "2015-08-28"}


SUB = "measures/subsidy.yaml"
FACTS = "facts/enterprise.yaml"
FOUNDED = (
    FACTS,
    "- name: insured\n",
    """- name: founded
  subject: enterprise
  group: money
  type: date
  label: {zh: 成立日期, en: Founded on}
  question: {zh: 哪天成立？, en: "When founded?"}
- name: insured
""",
)
READ = [
    ("{from: 03-01, to: 04-30}", SPRING),
    ("{from: '11-1', to: 2-29}", WINTER),
    ("{within: 6 months, of: founded}", SPAN),
]


@pytest.mark.parametrize(("said", "window"), READ)
def test_a_window_is_read(tmp_path, said, window):
    pack = load_pack(build(tmp_path, FOUNDED, (SUB, "    excludes: [1.1-tax]", f"    window: {said}")))
    assert pack.versions["SUB-2015"][1].window == window


WRONG = [
    ("{from: 03-01}", "from and to, or within and of"),
    ("March", "from and to, or within and of"),
    ("{from: 02-30, to: 04-30}", "'02-30' is no day of a year"),
    ("{from: 03-01, to: April}", "'April' is no day of a year"),
    ("{within: soon, of: founded}", "'soon' is no span of time"),
    ("{within: 6 months, of: foundd}", "'foundd' is no fact that is a day"),
    ("{within: 6 months, of: zzz}", "'zzz' is no fact that is a day"),
    ("{within: 6 months, of: insured}", "'insured' is no fact that is a day"),
]


@pytest.mark.parametrize(("said", "told"), WRONG)
def test_a_window_that_is_none_is_refused(tmp_path, said, told):
    with pytest.raises(PackError) as caught:
        load_pack(build(tmp_path, FOUNDED, (SUB, "    excludes: [1.1-tax]", f"    window: {said}")))
    assert [told in finding.message for finding in caught.value.findings] == [True]
