"""Notices, jobs, proposals and files."""

from __future__ import annotations

from django.urls import path

from chuangbao.ui.views import files, jobs, notices, proposals

app_name = "core"  # what these addresses show are rows of core; their names are as they were
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all"),
    path("notices/preferences/", notices.preferences, name="preferences"),
    path("notices/<int:pk>/", notices.open_notice, name="notice"),
    path("jobs/<uuid:key>/", jobs.job, name="job"),
    path("jobs/<uuid:key>/cancel/", jobs.cancel_job, name="cancel_job"),
    path("proposals/<int:pk>/<slug:verb>/", proposals.settle_proposal, name="proposal"),
    path("files/<uuid:key>/", files.own_file, name="file"),
]
