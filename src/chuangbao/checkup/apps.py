"""The check-up as a Django application."""

from django.apps import AppConfig


class CheckupConfig(AppConfig):
    """Check-ups (政策体检), their answers and verdicts, and the copies that were shared."""

    name = "chuangbao.checkup"
    label = "portal"
    """Its tables, its migrations, the bindings of sealed answers and rows of the audit log are named by it for good."""
