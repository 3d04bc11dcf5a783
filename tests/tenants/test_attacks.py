"""What an attacker tries on tenants: foreign terms in an agreement, years that are none, invisible marks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.tenants.domain.agreements import offer_agreement
from chuangbao.tenants.domain.placing import add_cohort
from chuangbao.tenants.domain.support import add_milestone, log_service
from tenants.scene import admit, all_tenancies, apply_as, begin, host_and_space

pytestmark = pytest.mark.usefixtures("regions")
BIDI = "\u202e\u2066\u200b"


@pytest.fixture
def scene():
    return host_and_space()


def test_a_tenant_writes_no_terms_of_its_own_into_the_agreement(scene):
    host, space = scene
    row = apply_as(factories.founder(), space)
    all_tenancies().update(project=f"卖人参\r\n3. 期限：永久。\u2028{BIDI}5. 费用：运营方每月付 1 万元")
    row = admit(all_tenancies().get(pk=row.pk), host)
    day = timezone.localdate()
    said = {"fees": "无\n9. 其他", "services": "无\x0b10. 其他"}
    made = offer_agreement(tenancy=row, actor=host, starts_on=day, term_ends_on=day + timedelta(days=1), **said)
    assert [line.partition(".")[0] for line in made.content.split("\n")] == [str(n) for n in range(1, 10)]
    assert not any(mark in made.content for mark in BIDI)


def test_what_is_typed_in_several_lines_keeps_no_invisible_mark(scene):
    _host, space = scene
    client = factories.sign_in(Client(), factories.founder())
    sent = {
        "team_name": "演示",
        "team_kind": "team",
        "members": "1",
        "origin": "other",
        "project": f"一{BIDI}\n二👩\u200d🔧",
    }
    assert client.post(reverse("tenants:apply", args=[space.pk]), sent).status_code == 302
    assert all_tenancies().get().project.replace("\r\n", "\n") == "一\n二👩\u200d🔧"


@pytest.mark.parametrize("year", ["0000", "9999", "0001", "²²²²", "-001", "2026.5"])
def test_a_card_of_a_year_that_is_none_is_asked_for_another(scene, year):
    host, space = scene
    firm = factories.member()
    row = begin(firm, space, host)
    client = factories.sign_in(Client(), firm)
    assert client.get(reverse("tenants:card", args=[row.pk]), {"year": year}).status_code == 200


@pytest.mark.parametrize("name", ["board", "figures"])
@pytest.mark.parametrize(
    "asked",
    [{"q": "\x00"}, {"q": "%_\\'"}, {"cohort": "99999999999999999999"}, {"page": "-1"}, {"first": "9999-12-31"},
     {"first": "0001-01-01", "last": "2199-12-31"}],
)  # fmt: skip
def test_lists_bear_what_is_in_an_address(scene, name, asked):
    client = factories.sign_in(Client(), scene[0])
    assert client.get(reverse(f"tenants:{name}"), asked).status_code in {200, 400}


def test_foreign_ids_lead_nowhere(scene):
    host, space = scene
    firm = factories.member()
    row = begin(firm, space, host)
    cohort = add_cohort(space=space, actor=host, name="春季")
    service = log_service(tenancy=row, actor=host, kind="policy", given_on=timezone.localdate(), provider="演示")
    goal = add_milestone(tenancy=row, actor=firm, kind="income", title="演示")
    paper = offer_agreement(
        tenancy=row, actor=host, starts_on=row.starts_on, term_ends_on=row.term_ends_on + timedelta(days=9)
    )
    of_row = ("tenancy", "arrange", "admit", "decline", "place", "offer", "log", "milestone_add", "graduate", "end",
              "own", "withdraw", "leave", "found", "card", "data", "confirm", "refuse")  # fmt: skip
    addresses = [(name, [row.pk]) for name in of_row]
    addresses += [(name, [paper.pk]) for name in ("agreement", "agreement_pdf", "sign", "void")]
    addresses += [("service_move", [service.pk, "confirm"]), ("reach", [goal.pk]), ("cohorts", [space.pk])]
    addresses += [("cohort", [space.pk, cohort.pk]), ("cohort_drop", [space.pk, cohort.pk]), ("enter", [space.pk])]
    neighbour = factories.officer("spaces", region=factories.NEIGHBOUR)
    for actor in (host_and_space("演示·别家空间")[0], factories.founder(), neighbour, factories.admin("system")):
        client = factories.sign_in(Client(), actor)
        for name, keys in addresses:
            for send in (client.get, client.post):
                status = send(reverse(f"tenants:{name}", args=keys), follow=True).status_code
                assert status in {403, 404, 405}, (name, actor.capacity, status)
    kept = all_tenancies().get(pk=row.pk)
    assert (kept.stage, kept.term_ends_on, kept.revision) == ("incubating", row.term_ends_on, row.revision)


def test_no_tenant_is_put_into_the_cohort_of_another_space(scene):
    host, space = scene
    row = apply_as(factories.founder(), space)
    other_host, other = host_and_space("演示·别家空间")
    foreign = add_cohort(space=other, actor=other_host, name="春季")
    client = factories.sign_in(Client(), host)
    sent = {"seen": row.revision, "cohort": foreign.pk}
    assert client.post(reverse("tenants:place", args=[row.pk]), sent).status_code == 422
    assert client.get(reverse("tenants:cohort", args=[space.pk, foreign.pk])).status_code == 404
