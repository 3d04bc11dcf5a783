"""Who plans an individual business is told which taxes it will be spared (开业以后就能少缴), and not asked about them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkup.expected import LIVES
from checkup.test_expected import play, tenses
from chuangbao.checkup.domain.result import result_of

pytestmark = pytest.mark.usefixtures("library", "regions")
TAXES = ("2.4.2-iit-sole-2023", "tax-sixtwo-2023", "vat-small-scale")
PLANS = ("student of 22", "veteran with an idea", "job seeker of 50")


@pytest.mark.parametrize("name", PLANS)
def test_the_taxes_of_an_individual_business_come_with_its_registration(client, name):
    checkup, address = play(client, LIVES[name])
    result = result_of(checkup)
    rows = {row.measure.id: row for row in result.later if row.measure.id in TAXES}
    assert sorted(rows) == sorted(TAXES)
    for row in rows.values():
        assert {deed.fact for deed in row.not_yet.deeds} == {"is_sole"}
        assert not row.amount_then
    page = client.get(address).content.decode()
    assert "月销售额不到10万元、季度不到30万元的，免增值税" in page
    assert "经营所得不超过200万元的部分，个人所得税减半" in page


def test_who_registered_a_company_is_not_told_to_register_an_individual_business(client):
    life = LIVES["veteran with an idea"]
    person = life.pages["person"] | {"registered": "firm"}
    checkup, _ = play(client, replace(LIVES["owner of an eight-person software firm"], who="veteran",
                      pages=LIVES["owner of an eight-person software firm"].pages | {"person": person}))  # fmt: skip
    assert tenses(result_of(checkup))["2.4.2-iit-sole-2023"][0][0] == "unfit"
