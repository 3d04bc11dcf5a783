"""One firm and one measure: the check-up, the run, the workbook, the own reasons, the notice and a simulation say one sum."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.matching.models import Entitlement
from chuangbao.policies.addresses import reasons_url
from chuangbao.simulations.domain.simulate import run_simulation
from chuangbao.simulations.domain.simulations import begin_simulation, put_variant
from chuangbao.simulations.models import Simulation
from runsworld import MEASURE, SMALL, run, tell, yuan

pytestmark = pytest.mark.usefixtures("regions", "library")
YUAN, SHOWN = 172000, "¥172,000.00"
"""860 000 yuan at 5 instead of 25 percent (财税公告2023年第12号)."""


@pytest.fixture
def owner(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    actor = factories.member()
    tell(subject_of(actor), SMALL)
    return actor


def text(answer):
    return answer.content.decode()


def test_one_amount_wherever_it_is_said(client, owner):
    subject = subject_of(owner)
    run()
    row = Entitlement.objects.get(subject=subject, measure=MEASURE, gone=None)
    assert [yuan(row.cents), yuan(row.payable)] == [YUAN, YUAN]
    assert amounts_in_workbook(client) == [(YUAN, YUAN)]
    assert amount_in_simulation(row.version) == YUAN
    own = factories.sign_in(client, owner)
    assert f"每年{SHOWN}" in text(own.get("/policies/for-me/"))
    assert f"每年{SHOWN}" in text(own.get(reasons_url(subject.pk, MEASURE)))
    page = text(own.get(own.post("/checkup/", {"who": "company", "want": ""})["Location"]))
    assert page.count("每年17.2万元") == 2  # the row, and the sum of what is certain
    assert "每年少缴税17.2万元" in page


def amounts_in_workbook(client):
    """The sum and what ceilings leave of it, as the county's officer takes them along."""
    officer = factories.sign_in(client, factories.officer("supervisor"))
    book = officer.get("/policies/entitled/entitled.xlsx", {"measure": MEASURE})
    _head, *rows = load_workbook(BytesIO(book.content)).active.iter_rows(values_only=True)
    return [cells[6:8] for cells in rows]


def amount_in_simulation(version):
    """What the measure as it is costs, over the snapshot that the run has left."""
    editor = factories.officer("policy_editor", region=factories.PROVINCE)
    made = begin_simulation(measure=MEASURE, version=version, title="x", day=timezone.localdate(), actor=editor)
    put_variant(
        simulation=made, number=None, name="无", version=version, day=None, changes={"amount": "0"}, actor=editor
    )
    run_simulation(simulation=made, actor=editor)
    base, without = unscoped(Simulation, because="a test").get().result["columns"]
    assert (base["total"]["eligible"], without["total"]["cents"]) == (1, 0)
    return yuan(base["total"]["cents"])
