"""Words of simulations for the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs

__all__: list[str] = []

name_verbs(run=_("Simulation worked out"))
name_kinds(policies__simulation=Kind(_("Simulation"), ("title",)))
