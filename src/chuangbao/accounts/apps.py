"""People and organisations as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, memberships, posts."""

    name = "chuangbao.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register what each actor may see."""
        from chuangbao.accounts import scopes  # noqa: F401 - registers itself; the models must be loaded first
