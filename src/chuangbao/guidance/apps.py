"""Guidance as a Django application."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """Questions of founders to officers (问一问), and the threads they become."""

    name = "chuangbao.guidance"
    label = "guidance"
