"""The addresses of the money of a space."""

from __future__ import annotations

app_name = "billing"
urlpatterns: list[object] = []
