"""The addresses of runs, of who is entitled, and of what is new for a person."""

from __future__ import annotations

from django.urls import path

from chuangbao.matching.views import figures, people

app_name = "matching"
urlpatterns = [
    path("runs/", figures.runs, name="runs"),
    path("runs/begin/", figures.begin, name="run_begin"),
    path("runs/<int:pk>/", figures.run, name="run"),
    path("runs/<int:pk>/facts/", figures.run_facts, name="run_facts"),
    path("runs/<int:pk>/run.xlsx", figures.run_export, name="run_export"),
    path("runs/<int:pk>/measures/<str:ref>/", figures.run_measure, name="run_measure"),
    path("entitled/", people.entitled, name="entitled"),
    path("entitled/sealed/", people.entitled_sealed, name="entitled_sealed"),
    path("entitled/entitled.xlsx", people.entitled_export, name="entitled_export"),
    path("entitled/<int:pk>/<str:ref>/", people.explanation, name="explanation"),
    path("for-me/", people.for_me, name="for_me"),
    path("for-me/now/", people.judge_at_once, name="judge_now"),
    path("for-me/answer/", people.answer, name="for_me_answer"),
]
