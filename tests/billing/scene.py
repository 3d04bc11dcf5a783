"""A space with a tenant, a contract and a slip, as most tests of the money of spaces need them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.billing.domain.contracts import NO_WAIVER, Waiver, add_line, make_contract
from chuangbao.billing.domain.payments import record_payment
from chuangbao.billing.domain.statements import issue_month
from chuangbao.billing.models import LinePrice
from chuangbao.core.access.row_access import unscoped
from chuangbao.tenants.models import Team, Tenancy
from spaces.samples import make_space

SLIPS = count(1)
JUNE = date(2026, 6, 1)
HALF = Waiver(Decimal("0.5"), "subsidy", "city")
WHY = "a test"


def make_tenancy(host, firm=None, space=None, **values):
    """A firm, or a team where a leader is given, has been in a space since the new year."""
    space = space or make_space(host, name="演示·收费空间")
    if "leader" in values:
        values["team"] = Team.objects.create(name="演示团队", leader_id=values.pop("leader"))
    elif firm is None:
        values["organization"] = factories.organisation()
    else:
        values["organization"] = Organisation._base_manager.get(pk=firm.organisation_id)
    given = {"stage": "incubating", "starts_on": date(2026, 1, 1), "project": "演示", **values}
    return Tenancy.objects.create(space=space, **given)


def make_line(host, tenancy, price="1000.00", *, first=date(2026, 1, 1), **values):
    """A contract of the tenant with a new number, with one desk at a price by the month."""
    contract = make_contract(tenancy=tenancy, number=f"HT-{next(SLIPS)}", first=first, actor=host, deposit=Decimal(500))
    given = {"kind": "desk", "name": "工位A01", "unit": "month", "quantity": Decimal(1), "waiver": NO_WAIVER, **values}
    return add_line(contract=contract, price=Decimal(price), first=first, actor=host, **given)


def bill(host, tenancy, month=JUNE):
    """Issue the statement of a tenant for a month."""
    return issue_month(space=tenancy.space, month=month, actor=host, tenancies=[tenancy.pk])[0]


def slip():
    """A slip that is like no other."""
    return factories.upload(b"%PDF-1.4\n% slip " + str(next(SLIPS)).encode() + b"\n%%EOF\n", "回单.pdf")


def pay(host, statement, amount, **values):
    """Put a payment of today on record."""
    given = {"paid_on": date(2026, 7, 1), "way": "transfer", "file": slip(), "keeps_rest": True, **values}
    return record_payment(statement=statement, amount=Decimal(amount), actor=host, **given)


def prices_of(line):
    """The prices of a line, as from, until and price."""
    rows = unscoped(LinePrice, because=WHY).filter(line=line).order_by("first")
    return [(row.first, row.last, row.price) for row in rows]
