"""Tenants as a Django application."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Tenants (入驻与孵化)."""

    name = "chuangbao.tenants"
    label = "tenants"
