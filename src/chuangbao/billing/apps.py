"""The app of the money of a space."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["BillingConfig"]


class BillingConfig(AppConfig):
    """The money of a space; what it must know of the house is in ``context.py``."""

    name = "chuangbao.billing"
    label = "billing"
