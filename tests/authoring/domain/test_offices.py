"""The text is what the engine goes by: what an office publishes stays within its own area, department and measures."""

from __future__ import annotations

from dataclasses import replace

import pytest

import factories
from chuangbao.authoring.domain.drafts import begin_draft, save_draft, submit_draft
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import covered_regions
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain import offices
from chuangbao.policies.domain.texts import read_text
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
from chuangbao.rules.model import Group
from measuretext import REF, text_of

pytestmark = pytest.mark.usefixtures("regions")
OUTSIDE = ["100000", factories.PROVINCE, factories.CITY, factories.NEIGHBOUR, "340000", "999999"]


def in_region(region):
    return text_of().replace('region: "220102"', f'region: "{region}"')


def with_lines(*lines):
    return text_of().replace("  clause: 2.2.4\n", "  clause: 2.2.4\n" + "".join(f"  {line}\n" for line in lines))


def refusal(verb, **given):
    with pytest.raises(Refused) as found:
        verb(**given)
    return found.value


@pytest.mark.parametrize("region", OUTSIDE)
def test_a_county_writes_for_no_other_area(measure, draft, author, reviewer, region):
    found = refusal(save_draft, draft=draft, content=in_region(region), revision=1, actor=author)
    assert (found.code, found.field) == ("outside_area", "content")
    draft.refresh_from_db()
    assert draft.content == text_of()
    smuggled = begin_draft(measure=measure, content=in_region(region), actor=author)
    assert refusal(submit_draft, draft=smuggled, actor=author).code == "outside_area"
    waiting = submit_draft(draft=draft, actor=author)
    MeasureVersion.objects.filter(pk=waiting.pk).update(content=in_region(region))
    assert refusal(publish_version, version=waiting, actor=reviewer).code == "outside_area"
    waiting.refresh_from_db()
    assert waiting.stage == "in_review"


@pytest.mark.parametrize("region", [factories.PROVINCE, factories.CITY, factories.COUNTY])
def test_a_province_writes_for_itself_and_all_within(regions, region):
    author = factories.officer("policy_editor", region=factories.PROVINCE)
    reviewer = factories.officer("policy_reviewer", region=factories.PROVINCE)
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.PROVINCE, department="科技")
    draft = begin_draft(measure=measure, content=in_region(region), actor=author)
    row = publish_version(version=submit_draft(draft=draft, actor=author), actor=reviewer)
    assert read_text(row.content).measure.region in covered_regions(row.region_id)


def test_a_text_without_an_area_is_not_readable(measure, author):
    draft = begin_draft(measure=measure, content=in_region(""), actor=author)
    assert refusal(submit_draft, draft=draft, actor=author).code == "not_readable"


@pytest.mark.parametrize(("departments", "fits"), [("[tax]", False), ("[tax, finance]", False), ("[science]", True),
                                                   ("[tax, science]", True), ("[]", True)])  # fmt: skip
def test_a_text_names_the_department_that_writes_it(draft, author, departments, fits):
    content = text_of().replace("versions:\n", f"departments: {departments}\nversions:\n")
    if fits:
        assert save_draft(draft=draft, content=content, revision=1, actor=author).revision == 2
    else:
        found = refusal(save_draft, draft=draft, content=content, revision=1, actor=author)
        assert (found.code, found.field) == ("outside_department", "content")


def test_a_measure_of_another_office_is_not_pushed_aside(draft, author):
    content = with_lines("excludes: [2.6.3-small-profit]")
    found = refusal(save_draft, draft=draft, content=content, revision=1, actor=author)
    assert (found.code, found.field) == ("outside_exclusion", "content")


def read(content):
    return read_text(content).measure


@pytest.fixture
def world(monkeypatch):
    """The pack with other measures in it, as the rules see it."""

    def put(*measures):
        known = current_pack()
        pack = replace(known, measures={**known.measures, **{m.id: m for m in measures}})
        monkeypatch.setattr(offices, "current_pack", lambda: pack)

    return put


def other(name="other-1", region=factories.PROVINCE, **changes):
    measure = read(text_of("O1", ref=name, region=region))
    return replace(measure, versions=(replace(measure.versions[0], **changes),))


def of_departments(*codes):
    return replace(other(region=factories.COUNTY), departments=codes)


MADE = {
    "of the province": (other, False),
    "of the own county": (lambda: other(region=factories.COUNTY), True),
    "of the own department there": (lambda: of_departments("finance", "science"), True),
    "of another department there": (lambda: of_departments("finance"), False),
    "names the measure back": (lambda: other(excludes=(REF,)), True),
    "names the version back": (lambda: other(excludes=("V1",)), True),
}


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("named", ["other-1", "O1"])
def test_an_exclusion_needs_the_own_area_or_the_others_word(draft, world, made, named):
    make, fits = MADE[made]
    world(make())
    mine = read(text_of())
    mine = replace(mine, versions=(replace(mine.versions[0], excludes=(named,)),))
    if fits:
        offices.refuse_outside(draft, mine)
    else:
        assert refusal(offices.refuse_outside, row=draft, measure=mine).code == "outside_exclusion"


def test_what_the_version_before_excluded_may_stay(draft, world):
    mine = read(text_of())
    excluding = replace(mine, versions=(replace(mine.versions[0], excludes=("other-1",)),))
    world(other(), excluding)
    offices.refuse_outside(draft, excluding)


def test_a_group_of_other_offices_is_not_joined(draft, world):
    group, mine = Group("cash", "highest"), read(text_of())
    joining = replace(mine, versions=(replace(mine.versions[0], group=group),))
    world()
    offices.refuse_outside(draft, joining)
    world(other(group=group))
    assert refusal(offices.refuse_outside, row=draft, measure=joining).code == "outside_group"
    world(other(region=factories.COUNTY, group=group))
    offices.refuse_outside(draft, joining)
    world(replace(other(region=factories.COUNTY, group=group), departments=("finance",)))
    assert refusal(offices.refuse_outside, row=draft, measure=joining).code == "outside_group"
    world(other(group=group), joining)
    offices.refuse_outside(draft, joining)
