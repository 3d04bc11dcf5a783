"""One of everything of tenants, for the table of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import factories
from tenants.scene import apply_as, host_and_space

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person


def leave_rows(person: Person) -> None:
    """An application of a team that the person leads."""
    _host, space = host_and_space()
    apply_as(factories.as_self(person), space, phone="13900000000")
