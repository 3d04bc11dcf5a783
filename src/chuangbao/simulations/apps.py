"""``simulations`` as a Django application."""

from django.apps import AppConfig


class SimulationsConfig(AppConfig):
    """Policy simulations; its tables carry the label of ``policies``, in which they began (decision 0057)."""

    name = "chuangbao.simulations"
    label = "simulations"
