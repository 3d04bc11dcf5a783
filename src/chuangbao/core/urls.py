"""Notices, jobs and files."""

from __future__ import annotations

from django.urls import path

from chuangbao.core.views import files, jobs, notices

app_name = "core"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all"),
    path("notices/preferences/", notices.preferences, name="preferences"),
    path("notices/<int:pk>/", notices.opened, name="notice"),
    path("jobs/<uuid:key>/", jobs.job, name="job"),
    path("jobs/<uuid:key>/cancel/", jobs.cancel_job, name="cancel_job"),
    path("files/<uuid:key>/", files.own_file, name="file"),
]
