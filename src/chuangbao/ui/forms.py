"""Forms of the pages of core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from chuangbao.core.access.row_access import visible
from chuangbao.core.contexts import list_notice_groups
from chuangbao.core.models import Channel, Mobile, NoticePreference

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["PreferencesForm"]


class PreferencesForm(forms.Form):
    """One choice of channel for each group of events."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        now = dict(visible(NoticePreference, to=actor).values_list("group", "channel"))
        self.has_mobile = visible(Mobile, to=actor).filter(confirmed_at__isnull=False).exists()
        choices = [choice for choice in Channel.choices if self.has_mobile or choice[0] != Channel.SMS]
        for name, label in list_notice_groups().items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                initial=now.get(name, Channel.MAIL),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def save(self) -> None:
        """Keep the choices."""
        rows = [
            NoticePreference(person_id=self.actor.person_id or 0, group=name, channel=channel)
            for name, channel in self.cleaned_data.items()
        ]
        NoticePreference.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person", "group"], update_fields=["channel"]
        )
