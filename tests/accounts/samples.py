"""One of everything of accounts, for the table of permissions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from chuangbao.accounts.domain import members, organisations
from chuangbao.accounts.models import Office
from chuangbao.core.models import Mobile, ShortMessage

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """An invitation to the organisation and a claim of it, a post, an administrator's duty, an office."""
    there = world.rows["organisation"]
    return {
        "invitation": members.invite(
            organisation=there, actor=world.actors["owner"], email="x@example.org", role="clerk"
        ),
        "claim": organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="x"),
        "post": factories.post(),
        "duty": world.actors["audit_admin"],
        "office": Office.objects.create(region_id=factories.COUNTY, department="labour", name="窗口", phone="12345"),
    }


SAMPLES = {
    **{
        f"accounts:{name}": lambda w: {"pk": w.rows["organisation"].pk}
        for name in ("organisation", "correct", "hand_over", "dissolve", "invite")
    },
    "accounts:withdraw": lambda w: {"pk": w.rows["organisation"].pk, "invitation": w.rows["invitation"].pk},
    "accounts:member": lambda w: {"pk": w.rows["organisation"].pk, "membership": w.rows["membership"].pk},
    "accounts:standing": lambda w: {"pk": w.rows["organisation"].pk, "verb": "verify"},
    "accounts:decide": lambda w: {"pk": w.rows["claim"].pk, "verb": "grant"},
    "accounts:confirm_post": lambda w: {"pk": w.rows["post"].pk},
    "accounts:department": lambda w: {"pk": w.rows["post"].agency_id},
    "accounts:end_post": lambda w: {"pk": w.rows["post"].pk},
    "accounts:office_change": lambda w: {"pk": w.rows["office"].pk},
    "accounts:office_move": lambda w: {"pk": w.rows["office"].pk, "verb": "confirm"},
    "accounts:end_duty": lambda w: {"pk": w.rows["duty"].holder_id},
}
OPEN = {
    "accounts:invitation": lambda w: {"token": w.rows["invitation"].token},
    "accounts:own_invitation": lambda w: {"pk": w.rows["invitation"].pk},
    "accounts:office": lambda w: {"pk": w.rows["office"].pk},
    "accounts:legal": lambda _w: {"name": "privacy"},
    "account_confirm_email": lambda _w: {"key": "nothing"},
    "account_reset_password_from_key": lambda _w: {"uidb36": "1", "key": "nothing"},
    "mfa_remove_webauthn": lambda _w: {"pk": 1},
    "mfa_edit_webauthn": lambda _w: {"pk": 1},
    "openid_connect_login": lambda _w: {"provider_id": "nothing"},
    "openid_connect_callback": lambda _w: {"provider_id": "nothing"},
}
WORKBENCH_QUERIES = 4
"""What the workbench of an officer who verifies asks the database for the to-dos of this context."""


def leave_rows(person: Person) -> None:
    """A confirmed number, and a message that waits for it."""
    now = timezone.now()
    Mobile.objects.create(person=person, number="+8613987654321", confirmed_at=now)
    ShortMessage.objects.create(person=person, number="+8613987654321", text="x", ends_at=now + timedelta(hours=1))
