"""People and organisations as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, memberships, posts."""

    name = "chuangbao.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register sight, events, holdings and what waits; the models must be loaded first."""
        from chuangbao.accounts import events, holdings, mfa, proposals, scopes, waiting  # noqa: F401 - each registers itself
