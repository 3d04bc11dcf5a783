"""One of everything of premises, for the table of permissions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from chuangbao.premises.domain.letters import issue_letter
from chuangbao.premises.domain.mail import receive_mail
from chuangbao.premises.domain.premises import open_premise
from chuangbao.premises.domain.reaching import note_try, state_lost
from chuangbao.premises.models import ConsentLetter
from spaces.samples import make_space

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import HostFile, MailItem, Premise
    from permissions.world import World


def make_premise(actor: Actor, room: str = "301-A1", **values: Any) -> Premise:
    """A premise of a space of the actor's organisation, made where there is none."""
    space = make_space(actor, name="演示·住所空间")
    return open_premise(site=space.sites.get(), room=room, actor=actor, **values)


def make_letter(premise: Premise, actor: Actor, licensee: str = "演示科技有限公司", **values: Any) -> ConsentLetter:
    """A letter that holds for a year."""
    until = timezone.localdate() + timedelta(days=365)
    return issue_letter(premise=premise, actor=actor, licensee=licensee, valid_until=until, **values)


def make_rows(world: World) -> dict[str, Any]:
    """A premise of the owner with a letter, its file, and mail for the firm."""
    owner = world.actors["owner"]
    premise = make_premise(owner)
    letter = make_letter(premise, owner)
    return {"premise": premise, "letter": letter, "host_file": letter.file, "host_mail": make_mail(letter.file, owner)}


def make_mail(file: HostFile, actor: Actor, days: int = 0, **values: Any) -> MailItem:
    """Mail that came some days ago."""
    given = {"mail_kind": "ordinary", "sender": "演示·某区税务局", **values}
    return receive_mail(file=file, actor=actor, received_on=timezone.localdate() - timedelta(days=days), **given)


def lose_contact(file: HostFile, actor: Actor) -> HostFile:
    """A firm that did not answer three times by two means, stated to the office."""
    for days, means in ((9, "phone"), (5, "visit"), (1, "phone")):
        day = timezone.localdate() - timedelta(days=days)
        note_try(file=file, tried_on=day, means=means, is_reached=False, actor=actor)
    return state_lost(file=file, actor=actor, lost_note="工位已空")


def leave_rows(person: Person) -> None:
    """A letter that the person issued."""
    owner = factories.member()
    letter = make_letter(make_premise(owner), owner)
    ConsentLetter.objects.filter(pk=letter.pk).update(issued_by=person)


SAMPLES = {
    **{
        f"premises:{name}": lambda w: {"pk": w.rows["premise"].pk}
        for name in ("premise", "ceiling", "close", "letter_new")
    },
    **{
        f"premises:{name}": lambda w: {"pk": w.rows["letter"].pk}
        for name in ("letter", "letter_pdf", "letter_replace", "letter_revoke", "letter_licence", "letter_industry")
    },
    **{
        f"premises:{name}": lambda w: {"pk": w.rows["host_file"].pk}
        for name in ("file", "file_contact", "file_mail", "file_try", "file_lost", "file_office")
    },
    **{
        f"premises:{name}": lambda w: {"pk": w.rows["host_mail"].pk}
        for name in ("mail_item", "mail_hand_over", "mail_send_back")
    },
}
OPEN = {"premises:look_up_code": lambda w: {"token": w.rows["letter"].address_code}}
PAGES = ["/premises/look-up/"]
