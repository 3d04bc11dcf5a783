"""The addresses of the policy library."""

from __future__ import annotations

from django.urls import path

from chuangbao.policies.views import documents, imports, library, measures, subscriptions

app_name = "policies"
urlpatterns = [
    path("", library.library, name="library"),
    path("search/", library.library, name="search"),
    path("policies.xlsx", library.export, name="export"),
    path("import/", imports.import_document, name="import"),
    path("documents/<str:ref>/", documents.document, name="document"),
    path("clauses/<str:clause>/", documents.clause, name="clause"),
    path("measures/<str:ref>/", measures.measure, name="measure"),
    path("measures/<str:ref>/curve.json", measures.curve_json, name="measure_curve"),
    path("measures/<str:ref>/code.svg", measures.code, name="measure_code"),
    path("measures/<str:ref>/handout.pdf", measures.handout, name="measure_handout"),
    path("subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("subscriptions/follow/", subscriptions.follow, name="follow"),
]
