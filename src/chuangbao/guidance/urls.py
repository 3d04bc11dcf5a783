"""Questions to offices."""

from __future__ import annotations

from django.urls import path

from chuangbao.guidance import views

app_name = "guidance"
urlpatterns = [
    path("", views.questions, name="questions"),
    path("new/", views.ask, name="ask"),
    path("<int:pk>/", views.question, name="question"),
    path("<int:pk>/detach/", views.detach, name="detach"),
    path("<int:pk>/<slug:verb>/", views.take_step, name="move"),
]
