"""The addresses of the check-up; the token is the only key to one."""

from __future__ import annotations

from django.urls import path

from chuangbao.checkup.views import checkups as views
from chuangbao.checkup.views import keeping, takeaway

app_name = "checkup"

urlpatterns = [
    path("", views.start, name="start"),
    path("keep/", keeping.keep, name="keep"),
    path("shared/<str:token>/", takeaway.shared, name="shared"),
    path("shared/<str:token>/code.svg", takeaway.shared_code, name="shared_code"),
    path("<str:token>/", views.step, name="step"),
    path("<str:token>/answer/", views.answer, name="answer"),
    path("<str:token>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:token>/day/", views.day, name="day"),
    path("<str:token>/adopt/", views.adopt, name="adopt"),
    path("<str:token>/keep/", keeping.ask_to_keep, name="ask_to_keep"),
    path("<str:token>/share/", takeaway.share, name="share"),
    path("<str:token>/share/<int:copy>/", takeaway.unshare, name="unshare"),
    path("<str:token>/print/", takeaway.print_page, name="print_page"),
    path("<str:token>/days.ics", takeaway.calendar, name="calendar"),
    path("<str:token>/result.pdf", takeaway.pdf, name="pdf"),
]
