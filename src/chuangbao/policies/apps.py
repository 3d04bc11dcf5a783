"""The policy library as a Django application."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Documents, clauses, measures and the search over them."""

    name = "chuangbao.policies"
    label = "policies"
