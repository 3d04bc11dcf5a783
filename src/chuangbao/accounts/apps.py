"""People and organisations as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, memberships, posts."""

    name = "chuangbao.accounts"
    label = "accounts"
