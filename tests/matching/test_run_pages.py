"""The pages of runs, as officers and founders use them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

import factories
from chuangbao.core.jobs import jobs
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.models import History
from chuangbao.core.workbench import mine_of
from chuangbao.facts.domain.sensitive import telling_measures
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.matching.models import Entitlement, Offer, PopulationRun
from runsworld import LARGE, MEASURE, OPEN, SMALL, firm, run, tell

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def officer(client):
    """A supervisor of the county, signed in."""
    actor = factories.officer("supervisor")
    client.cookies["django_language"] = "en"
    factories.sign_in(client, actor)
    return actor


def text(response):
    assert response.status_code == 200, response.content
    return " ".join(response.content.decode().split())


def rows(response):
    """The rows of a workbook."""
    return [list(row) for row in load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)]


def test_an_officer_starts_one_and_sees_how_far_it_is(client, officer):
    assert "No run yet" in text(client.get(reverse("matching:runs")))
    firm(SMALL)
    begun = client.post(reverse("matching:run_begin"))
    made = PopulationRun.objects.get()
    assert begun["Location"] == reverse("matching:run", args=[made.pk])
    waiting = client.get(begun["Location"])
    assert waiting["Refresh"] == "2"
    assert "Stop this work" in text(waiting)
    again = client.post(reverse("matching:run_begin"), follow=True)
    assert "Another run is not over yet" in text(again)
    jobs.Work(made.job).step(1, 3)
    assert 'value="1"' in text(client.get(begun["Location"]))
    factories.sign_in(client, factories.officer("policy_editor"))
    assert "Stop this work" not in text(client.get(begun["Location"]))
    carry_out(made.job_id)
    done = client.get(begun["Location"])
    assert "Refresh" not in done
    assert "1 subjects" in text(done)
    assert f"{reverse('matching:entitled')}?measure=" not in text(done)  # an editor sees no names
    assert "1 new" not in text(client.get(reverse("matching:runs")))
    assert "1 subjects" in text(client.get(reverse("matching:runs")))


def test_a_run_that_came_to_nothing_says_so(client, officer):
    client.post(reverse("matching:run_begin"))
    made = PopulationRun.objects.get()
    jobs.cancel(job=made.job, actor=officer)
    assert "came to nothing" in text(client.get(reverse("matching:run", args=[made.pk])))
    assert client.get(reverse("matching:run", args=[made.pk + 1])).status_code == 404


def test_figures_lead_to_the_enterprises_and_these_to_the_reasons(client, officer):
    small, large = firm(SMALL), firm(LARGE)
    firm(OPEN, region=factories.NEIGHBOUR)
    made = run()
    page = text(client.get(reverse("matching:run", args=[made.pk]), {"region": factories.NEIGHBOUR}))
    assert (
        f"{reverse('matching:entitled')}?measure={MEASURE}" in page
    )  # the neighbour is not this officer's: all of one's own
    measure = text(client.get(reverse("matching:run_measure", args=[made.pk, MEASURE])))
    assert f"?measure={MEASURE}&amp;region={factories.COUNTY}" in measure
    assert factories.NEIGHBOUR not in measure
    assert client.get(reverse("matching:run_measure", args=[made.pk, "nothing"])).status_code == 404
    listed = text(client.get(reverse("matching:entitled"), {"measure": MEASURE}))
    assert str(small) in listed
    assert str(large) not in listed
    near = text(client.get(reverse("matching:entitled"), {"measure": MEASURE, "status": "near"}))
    assert str(large) in near
    why = text(client.get(reverse("matching:explanation", args=[large.pk, MEASURE])))
    assert "The run says the same" in why
    assert "300" in why
    tell(large, {"employees_avg": 4}, days=0)
    assert "The run says otherwise" in text(client.get(reverse("matching:explanation", args=[large.pk, MEASURE])))
    sealed = text(client.get(reverse("matching:explanation", args=[small.pk, "2.6.4-venture-deduction"])))
    assert "Sealed facts decide this measure" in sealed
    found = set(Entitlement.objects.filter(subject=small, gone=None).values_list("measure", flat=True))
    lost = next(t.measure for t in made.totals.order_by("measure") if t.measure not in {*found, *telling_measures()})
    kept_nothing = text(client.get(reverse("matching:explanation", args=[small.pk, lost])))
    assert "kept nothing of this" in kept_nothing
    assert client.get(reverse("matching:explanation", args=[small.pk, "nothing"])).status_code == 404
    elsewhere = reverse("matching:explanation", args=[small.pk, "carrier-jilin-city"])
    assert "There is nothing to explain" in text(client.get(elsewhere))


def test_what_is_missing_and_the_workbooks(client, officer):
    firm(OPEN)
    firm(SMALL)
    made = run()
    facts = text(client.get(reverse("matching:run_facts", args=[made.pk])))
    assert "Yuan at stake" in facts
    figures = rows(client.get(reverse("matching:run_export", args=[made.pk])))
    assert len(figures[0]) == len(figures[1]) == 12
    assert figures[1][2] == 1
    missing = rows(client.get(reverse("matching:run_export", args=[made.pk]), {"what": "facts"}))
    assert missing[0][0] == "Fact"
    assert len(missing) > 3
    people = rows(client.get(reverse("matching:entitled_export"), {"measure": MEASURE}))
    assert [row[3] for row in people[1:]] == [MEASURE]
    assert people[1][11] == "not on this platform yet"
    assert History.objects.filter(verb="export").count() == 3


def test_before_any_run_nobody_is_said_to_be_entitled_or_not(client, officer):
    assert "Not judged yet" in text(client.get(reverse("matching:entitled")))
    book = load_workbook(BytesIO(client.get(reverse("matching:entitled_export")).content)).active
    assert "Not judged yet" in str(book["A2"].value)
    run()
    assert "Not judged yet" not in text(client.get(reverse("matching:entitled")))


def test_of_nobody_there_is_nothing(client, officer):
    made = run()
    assert "Nothing in your area" in text(client.get(reverse("matching:run", args=[made.pk])))
    assert "Nothing in your area" in text(client.get(reverse("matching:run_measure", args=[made.pk, MEASURE])))
    assert "Nothing is missing here" in text(client.get(reverse("matching:run_facts", args=[made.pk])))
    assert "Nothing matches" in text(client.get(reverse("matching:entitled")))


def test_a_founder_sees_what_is_new_and_says_what_is_not_for_them(client, officer):
    owner = factories.member()
    where = subject_of(owner)
    tell(where, SMALL)
    factories.sign_in(client, owner)
    page, answer = reverse("matching:for_me"), reverse("matching:for_me_answer")
    assert "Not judged yet" in text(client.get(page))
    run()
    assert f"m-{Entitlement.objects.get(measure=MEASURE).pk}" in text(client.get(page))
    why = reverse("matching:explanation", args=[where.pk, MEASURE])
    assert "The run says the same" in text(client.get(why))
    empty = client.post(answer, {"measure": MEASURE})
    assert empty.status_code == 422
    assert "Choose why it is not for you" in empty.content.decode()
    assert client.post(answer, {"measure": "nothing", "reason": "later"}).status_code == 404
    assert client.post(answer, {"measure": MEASURE, "reason": "too_hard"})["Location"] == page
    assert "It is for me after all" in text(client.get(page))
    assert Offer.objects.get(measure=MEASURE).reason == "too_hard"
    factories.sign_in(client, officer)
    listed = text(client.get(reverse("matching:entitled"), {"measure": MEASURE}))
    assert "Not for them: The papers are too much for us" in listed
    assert "Why it is not wanted" in listed
    exported = rows(client.get(reverse("matching:entitled_export"), {"measure": MEASURE}))
    assert exported[1][8]
    factories.sign_in(client, owner)
    assert client.post(answer, {"measure": MEASURE, "do": "reconsider"}).status_code == 302
    assert "It is for me after all" not in text(client.get(page))
    assert client.post(answer, {"measure": MEASURE, "do": "reconsider"}).status_code == 404


def test_a_measure_that_is_gone_is_named_by_its_id(client, officer):
    firm(SMALL)
    run()
    Entitlement.objects.filter(measure=MEASURE).update(measure="of-another-pack")
    assert "of-another-pack" in text(client.get(reverse("matching:entitled")))
    assert "of-another-pack" in str(rows(client.get(reverse("matching:entitled_export"))))


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (lambda: factories.officer("supervisor"), "Policies find people"),
        (lambda: factories.officer("register"), "Entitled and not applied"),
        (factories.member, "What is new for me"),
    ],
)
def test_the_workbench_leads_there(who, words):
    from django.utils.translation import override

    with override("en"):
        assert words in {way.title for _heading, ways in mine_of(who()) for way in ways}
