"""The industries of the firms that incubate in some spaces, for the share of one industry in a park (3.2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.access.row_access import unscoped
from chuangbao.facts.enums import FactStage
from chuangbao.facts.models import Fact
from chuangbao.premises.enums import LetterStage
from chuangbao.premises.models import ConsentLetter
from chuangbao.spaces.shares import add_industries
from chuangbao.tenants.enums import Entry, TenancyStage
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["list_industries"]

WHY = "figures of a project, no name is given"


@add_industries
def list_industries(spaces: Sequence[int]) -> list[str]:
    """Return the code of GB/T 4754 of each firm that incubates in one of the spaces, empty where nothing says it.

    The newest letter of consent comes first, which may name the class; then what was said last of the firm.
    """
    rows = unscoped(Tenancy, because=WHY).filter(space__in=spaces, stage=TenancyStage.INCUBATING)
    rows = rows.exclude(entry=Entry.STATED).exclude(organization=None)
    firms = set(rows.order_by().values_list("organization", flat=True))
    said = unscoped(Fact, because=WHY).filter(subject__organisation__in=firms, name="industry", text__isnull=False)
    said = said.exclude(stage=FactStage.WITHDRAWN).order_by("as_of", "pk")
    found = dict(said.values_list("subject__organisation", "text"))
    letters = unscoped(ConsentLetter, because=WHY).filter(organisation__in=firms, stage=LetterStage.VALID)
    letters = letters.exclude(industry_code="").order_by("issued_on", "pk")
    found |= dict(letters.values_list("organisation", "industry_code"))
    return [found.get(firm) or "" for firm in firms]
