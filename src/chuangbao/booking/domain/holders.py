"""Who holds a training (持证人): what was put on record under an e-mail belongs to the account that has it."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from chuangbao.booking.models import Training
from chuangbao.core.access.row_access import unscoped

__all__ = ["claim_trainings"]


def claim_trainings(person: int) -> int:
    """Let a person hold what was put on record under the e-mail of their account before there was one; how many."""
    email = get_user_model().objects.filter(pk=person, is_active=True).values_list("email", flat=True).first()
    if not email:
        return 0
    rows = unscoped(Training, because="under the person's own e-mail").filter(person=None, email=email.lower())
    return rows.update(person=person)
