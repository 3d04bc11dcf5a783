"""The addresses of guidance and inspections."""

from __future__ import annotations

from django.urls import path

from chuangbao.inspections.views import notes

app_name = "inspections"

urlpatterns = [
    path("guidance/", notes.list_notes, name="notes"),
    path("guidance/guidance.xlsx", notes.give_notes, name="notes_workbook"),
    path("guidance/<int:pk>/", notes.show_note, name="note"),
    path("guidance/<int:pk>/<slug:verb>/", notes.change_note, name="note_move"),
    path("spaces/<int:pk>/guidance/new/", notes.new_note, name="note_new"),
]
