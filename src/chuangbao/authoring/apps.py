"""``authoring`` as a Django application."""

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    """Where officers write texts; its tables carry the label of ``policies``, in which they began (decision 0057)."""

    name = "chuangbao.authoring"
    label = "authoring"
