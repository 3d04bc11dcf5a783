"""The addresses of facts."""

from __future__ import annotations

from django.urls import path

from chuangbao.facts.views import awards, imports, many, statements, subjects

app_name = "facts"

urlpatterns = [
    path("", subjects.mine, name="mine"),
    path("subjects/", subjects.listed, name="subjects"),
    path("subjects.xlsx", subjects.export, name="export"),
    path("organisations/<int:pk>/", subjects.organisation, name="organisation"),
    path("subjects/<int:pk>/", subjects.subject, name="subject"),
    path("subjects/<int:pk>/facts.xlsx", subjects.export_one, name="export_one"),
    path("subjects/<int:pk>/reveal/", subjects.reveal, name="reveal"),
    path("subjects/<int:pk>/place/", subjects.place, name="place"),
    path("subjects/<int:pk>/fill/", many.fill, name="fill"),
    path("subjects/<int:pk>/<slug:name>/", statements.fact, name="fact"),
    path("statements/<int:pk>/resolve/", statements.resolve_conflict, name="resolve"),
    path("statements/<int:pk>/evidence/", statements.evidence, name="evidence"),
    path("statements/<int:pk>/<slug:verb>/", statements.move, name="move"),
    path("awards/", awards.list_grants, name="awards"),
    path("awards.xlsx", awards.export, name="awards_export"),
    path("awards/new/", awards.new, name="award_new"),
    path("awards/import/", awards.upload, name="award_import"),
    path("awards/import/template.xlsx", awards.template, name="award_template"),
    path("awards/import/<int:pk>/undo/", awards.undo, name="award_undo"),
    path("awards/<int:pk>/", awards.award, name="award"),
    path("import/", imports.upload, name="import"),
    path("import/template.xlsx", imports.template, name="template"),
    path("import/<int:pk>/", imports.checked, name="checked"),
    path("import/<int:pk>/confirm/", imports.take_in, name="confirm"),
    path("import/<int:pk>/discard/", imports.forget, name="discard"),
]
