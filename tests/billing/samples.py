"""One of everything of the money of spaces, for the table of permissions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import factories
from billing.scene import bill, make_line, make_tenancy, pay
from chuangbao.billing.domain.prices import set_price
from chuangbao.billing.models import Contract, Statement

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """A tenant of the owner's space with a contract, a statement and a payment."""
    owner = world.actors["owner"]
    tenancy = make_tenancy(owner)
    line = make_line(owner, tenancy)
    statement = bill(owner, tenancy)
    item = {"kind": "desk", "name": "演示·工位", "unit": "month", "price": Decimal(300), "first": date(2026, 1, 1)}
    return {
        "billed_space": tenancy.space,
        "billed_tenancy": tenancy,
        "contract": line.contract,
        "line": line,
        "statement": statement,
        "payment": pay(owner, statement, "10"),
        "price": set_price(space=tenancy.space, actor=owner, is_public=False, **item),
    }


def leave_rows(person: Person) -> None:
    """A contract and a statement that the person put on record, and a payment and deposit."""
    owner = factories.member()
    tenancy = make_tenancy(owner)
    make_line(owner, tenancy)
    statement = bill(owner, tenancy)
    Contract.objects.filter(tenancy=tenancy).update(made_by=person)
    Statement.objects.filter(pk=statement.pk).update(issued_by=person)


def of(row: str) -> Any:
    """Make the address of a row."""
    return lambda world: {"pk": world.rows[row].pk}


def of_space(world: World) -> dict[str, Any]:
    """The address of something of the space."""
    return {"space": world.rows["billed_space"].pk}


SAMPLES: dict[str, Any] = {
    **dict.fromkeys(("billing:prices", "billing:bill", "billing:issue", "billing:income", "billing:income_workbook",
                     "billing:charges"), of_space),
    **{f"billing:{name}": of("statement")
       for name in ("statement", "statement_pdf", "statement_revoke", "statement_replace", "pay")},
    **{f"billing:{name}": of("payment") for name in ("payment_reverse", "proof")},
    **{f"billing:{name}": of("contract") for name in ("contract", "line_add", "contract_end", "deposit")},
    **{f"billing:{name}": of("line") for name in ("line", "line_end")},
    "billing:contract_new": of("billed_tenancy"),
    "billing:price_end": of("price"),
}  # fmt: skip
OPEN = {"billing:price_list": of_space}
