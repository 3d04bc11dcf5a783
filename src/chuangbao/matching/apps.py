"""``matching`` as a Django application."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Policies find people; its tables carry the label of ``policies``, in which they began (decision 0057)."""

    name = "chuangbao.matching"
    label = "matching"
