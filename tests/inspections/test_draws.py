"""Draws of spaces and inspectors: random, repeatable from list and seed, without interests, fixed once frozen."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.inspections.domain.candidates import find_candidates
from chuangbao.inspections.domain.drawing import DrawList, draw_visits, make_seed, read_list, write_list
from chuangbao.inspections.domain.draws import (
    cancel_draw,
    draw_by_number,
    exclude,
    freeze_draw,
    include,
    prepare_draw,
    publish_draw,
)
from chuangbao.inspections.models import Draw, Exclusion, Visit
from chuangbao.spaces.domain.ending import close_space
from inspections.samples import freeze, make_draw, make_visit, record
from spaces.samples import make_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
WHY = "a test"


@pytest.fixture
def officer():
    return factories.officer("spaces")


def refuse(code, act, field="", **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert (refusal.value.code, refusal.value.field or "") == (code, field)


def repeat(text, secret, number):
    """The draw, worked out a second time from docs/draws.md alone."""

    def hash_words(words):
        return sha256(words.encode("utf-8")).hexdigest()

    seed = hash_words(hash_words(text) + "\n" + secret + "\n" + number + "\n")
    rows = [line.split() for line in text.split("\n") if line]
    of = {name: [[int(n) for n in row[1:]] for row in rows if row[0] == name] for name in ("take", "each", "space")}
    inspectors = [int(row[1]) for row in rows if row[0] == "inspector"]
    interests = [[int(row[1]), int(row[2])] for row in rows if row[0] == "interest"]
    order = sorted(of["space"], key=lambda row: hash_words(f"{seed} space {row[0]}"))
    load, result = dict.fromkeys(inspectors, 0), []
    for (space,) in order[: of["take"][0][0]]:
        chosen = []
        for _ in range(of["each"][0][0]):
            free = [i for i in inspectors if i not in chosen and [space, i] not in interests]
            if not free:
                break
            best = free[0]
            for i in free:
                keys = [(load[one], hash_words(f"{seed} inspector {space} {one}")) for one in (i, best)]
                best = i if keys[0] < keys[1] else best
            chosen.append(best)
        for i in chosen:
            load[i] += 1
        result.append((space, tuple(chosen)))
    return result


NUMBERS = st.sets(st.integers(1, 500), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(NUMBERS, NUMBERS, st.integers(1, 12), st.integers(1, 3), st.data())
def test_the_draw_is_what_the_text_says(spaces, inspectors, take, each, data):
    pairs = st.tuples(st.sampled_from(sorted(spaces)), st.sampled_from(sorted(inspectors)))
    given = DrawList(
        "220102", take, each, tuple(sorted(spaces)), tuple(sorted(inspectors)), frozenset(data.draw(st.sets(pairs)))
    )
    text = write_list(given)
    assert read_list(text) == given
    secret, number = data.draw(st.text("0123456789abcdef", max_size=8)), data.draw(st.text(max_size=8))
    number = "".join(number.split("\n"))
    seed = make_seed(sha256(text.encode()).hexdigest(), secret, number.encode("utf-8", "replace").decode())
    drawn = draw_visits(given, seed)
    assert drawn == repeat(text, secret, number.encode("utf-8", "replace").decode())
    assert len(drawn) == min(take, len(spaces))
    assert not {(space, one) for space, chosen in drawn for one in chosen} & given.interests
    loads = [sum(one in chosen for _space, chosen in drawn) for one in inspectors]
    assert given.interests or max(loads) - min(loads) <= 1


def test_another_text_is_no_list():
    with pytest.raises(ValueError, match="not a list"):
        read_list("space 1\n")


def test_list_and_secret_are_fixed_before_the_number_and_the_rest_follows(officer, client):
    colleague = factories.colleague_of(officer)
    spaces = [make_space(factories.member(), name=f"演示·空间{n}") for n in range(6)]
    row = freeze(make_draw(officer, 50, is_share=True), officer)
    address = reverse("inspections:result", args=[row.pk])
    seen = client.get(address).content.decode()
    assert row.list_hash in seen
    assert row.secret_hash in seen
    assert row.secret not in seen
    assert client.get(reverse("inspections:result_list", args=[row.pk])).status_code == 409
    row = draw_by_number(draw=row, number="20261128", actor=officer)
    expected = repeat(row.list_text, row.secret, "20261128")
    visits = list(unscoped(Visit, because=WHY).filter(draw=row).order_by("place_in_draw"))
    assert [(v.space_id, tuple(i.post_id for i in v.inspectors.all())) for v in visits] == expected
    assert len(visits) == 3
    assert {pk for pk, _ in expected} <= {space.pk for space in spaces}
    assert Notice.objects.filter(person=colleague.person_id, event="draw.drawn").count() == 1
    assert row.secret not in client.get(address).content.decode()
    for visit in visits:
        by = officer if visit.inspectors.get().post_id == officer.holder_id else colleague
        record(visit, by)
    publish_draw(draw=row, actor=officer)
    seen = client.get(address).content.decode()
    assert "复算一致" in seen
    assert row.secret in seen
    text = client.get(reverse("inspections:result_list", args=[row.pk])).content.decode()
    assert sha256(text.encode()).hexdigest() == row.list_hash
    refuse("published", publish_draw, draw=row, actor=officer)
    Visit._base_manager.filter(pk=visits[0].pk).delete()
    assert "复算不一致" in client.get(address).content.decode()


def test_what_is_left_out_has_a_reason_and_interests_are_found(officer):
    host = factories.member()
    space, other = make_space(host), make_space(factories.member(), name="演示·另一空间")
    mixed = factories.as_officer(factories.post(factories.Person.objects.get(pk=host.person_id), duties=["spaces"]))
    row = make_draw(officer)
    assert (space.pk, mixed.holder_id) in find_candidates(row).interests
    refuse("own_cause", exclude, "space", draw=row, space=space.pk, reason="停业装修", actor=mixed)
    left = exclude(draw=row, space=other.pk, reason="停业装修", actor=officer)
    pair = exclude(draw=row, space=space.pk, post=officer.holder_id, reason="亲属任职", actor=officer)
    found = find_candidates(row)
    assert [one.pk for one in found.spaces] == [space.pk]
    assert {reason for _name, reason in found.left_out} == {"停业装修", "亲属任职"}
    refuse("few_inspectors", freeze, draw=row, officer=officer)
    include(exclusion=pair, actor=officer)
    row = draw_by_number(draw=freeze(row, officer), number="7", actor=officer)
    visit = unscoped(Visit, because=WHY).get(draw=row)
    assert (visit.space_id, visit.inspectors.get().post_id) == (space.pk, officer.holder_id)
    refuse("fixed", include, exclusion=left, actor=officer)
    refuse("fixed", exclude, draw=row, space=space.pk, reason="x", actor=officer)
    again = find_candidates(make_draw(officer))
    assert "已被抽中检查" in dict(again.left_out)[space.name]
    Draw._base_manager.filter(pk=row.pk).update(ended_at=timezone.now() - timedelta(days=400))
    assert space.pk in {one.pk for one in find_candidates(make_draw(officer)).spaces}


def test_what_is_wrong_is_said_and_changes_nothing(officer):
    refuse("too_much", prepare_draw, "amount", title="x", amount=101, is_share=True, each=1, actor=officer)
    with pytest.raises(Forbidden):
        make_draw(factories.officer("register"))
    row, today = make_draw(officer), timezone.localdate()
    refuse("nothing", exclude, "space", draw=row, reason="x", actor=officer)
    refuse("not_here", exclude, "space", draw=row, space=10**6, reason="x", actor=officer)
    refuse("not_here", exclude, "post", draw=row, post=10**6, reason="x", actor=officer)
    refuse("reason_needed", exclude, "reason", draw=row, post=officer.holder_id, reason=" ", actor=officer)
    refuse("no_spaces", freeze, draw=row, officer=officer)
    space = make_space(factories.member())
    exclude(draw=row, post=officer.holder_id, reason="回避", actor=officer)
    refuse("out_before", exclude, draw=row, post=officer.holder_id, reason="回避", actor=officer)
    refuse("few_inspectors", freeze, draw=row, officer=officer)
    unscoped(Exclusion, because=WHY).all().delete()
    day = {"number_source": "x", "number_day": today - timedelta(days=1)}
    refuse("past_day", freeze_draw, "number_day", draw=row, actor=officer, **day)
    refuse("source_needed", freeze_draw, "number_source", draw=row, actor=officer, number_source=" ", number_day=today)
    later = freeze_draw(draw=row, number_source="x", number_day=today + timedelta(days=1), actor=officer)
    refuse("too_early", draw_by_number, "number", draw=later, number="1", actor=officer)
    refuse("frozen_before", freeze, draw=make_draw(officer), officer=officer)
    refuse("not_yet", publish_draw, draw=later, actor=officer)
    refuse("reason_needed", cancel_draw, "reason", draw=later, reason=" ", actor=officer)
    cancel_draw(draw=later, reason="号码停发", actor=officer)
    current = freeze(make_draw(officer), officer)
    refuse("number_needed", draw_by_number, "number", draw=current, number=" ", actor=officer)
    assert not unscoped(Visit, because=WHY).filter(draw__in=[row, current]).exists()
    close_space(space=space, actor=factories.as_member(space.operator.memberships.get()), reason="停办")


def test_a_cancelled_draw_stays_public_with_its_secret(officer, client):
    make_space(factories.member())
    row = freeze(make_draw(officer), officer)
    cancel_draw(draw=row, reason="号码停发", actor=officer)
    page = client.get(reverse("inspections:result", args=[row.pk])).content.decode()
    assert row.secret in page
    assert "号码停发" in page
    assert client.get(reverse("inspections:result_list", args=[row.pk])).content.decode() == row.list_text


@pytest.mark.django_db(transaction=True)
def test_of_two_draws_fixed_at_once_one_is_refused_and_one_draw_is_drawn_once(officer):
    make_space(factories.member())
    first, second = make_draw(officer), make_draw(officer)
    came = at_once(lambda: freeze(first, officer).stage, lambda: freeze(second, officer).stage)
    assert sorted(came) == ["frozen", "frozen_before"]
    row = unscoped(Draw, because=WHY).get(stage="frozen")
    drawn = at_once(*[lambda: draw_by_number(draw=row, number="1", actor=officer).stage] * 2)
    assert sorted(drawn) == ["drawn", "not_in_frozen"]
    assert unscoped(Visit, because=WHY).filter(draw=row).count() == 1


def test_the_database_alone_refuses_a_second_list_in_the_same_area(officer):
    make_space(factories.member())
    freeze(make_draw(officer), officer)
    fixed = {"stage": "frozen", "list_hash": "x", "secret_hash": "x", "frozen_at": timezone.now()}
    where = {"region_id": officer.region, "agency_id": officer.organisation_id, "number_day": timezone.localdate()}
    with pytest.raises(IntegrityError, match="draw_frozen_alone"):
        Draw._base_manager.create(title="x", amount=1, **where, **fixed)


def test_from_a_new_draw_to_its_publication_by_hand(client, officer, django_assert_num_queries):
    for n in range(3):
        make_space(factories.member(), name=f"演示·空间{n}")
    factories.sign_in(client, officer)
    assert "没有符合的抽查" in client.get(reverse("inspections:draws")).content.decode()
    wrong = {"title": "年度抽查", "amount": "200", "is_share": "on", "each": "1"}
    assert client.post(reverse("inspections:draw_new"), wrong).status_code == 422
    page = client.post(reverse("inspections:draw_new"), wrong | {"amount": "34"}).url
    row = unscoped(Draw, because=WHY).get()
    assert "3个空间、1名检查人员；将抽取2个空间" in client.get(page).content.decode()

    def move(verb, **sent):
        return client.post(reverse("inspections:draw_move", args=[row.pk, verb]), sent)

    assert move("exclude", reason="x").status_code == 422
    assert move("exclude", post=officer.holder_id, reason="休假").url == page
    assert move("freeze", number_source="彩票", number_day=str(timezone.localdate())).status_code == 422
    out = unscoped(Exclusion, because=WHY).get()
    assert client.post(reverse("inspections:draw_include", args=[row.pk, out.pk])).url == page
    assert move("freeze", number_source="彩票", number_day=str(timezone.localdate())).url == page
    assert "可以抽取了" in client.get(reverse("portal:desk")).content.decode()
    assert move("nothing").status_code == 404
    assert move("draw", number="1").url == page
    assert move("publish").status_code == 422
    for visit in unscoped(Visit, because=WHY).all():
        record(visit, officer)
    assert "公开检查结果" in client.get(reverse("portal:desk")).content.decode()
    assert move("publish").url == page
    client.get(page)
    with django_assert_num_queries(11):
        client.get(page)
    found = client.get(reverse("inspections:draws"), {"q": "年度", "stage": "drawn"}).content.decode()
    assert "cb-result-title" in found
    client.logout()
    assert "年度抽查" in client.get(reverse("inspections:results"), {"q": "年度"}).content.decode()


def test_a_visit_follows_its_draw(officer):
    make_space(factories.member())
    assert make_visit(officer).stage == "planned"
