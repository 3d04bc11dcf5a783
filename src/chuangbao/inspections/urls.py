"""The addresses of guidance and inspections."""

from __future__ import annotations

from django.urls import path

from chuangbao.inspections.views import draws, notes, public, visits

app_name = "inspections"

urlpatterns = [
    path("", public.list_results, name="results"),
    path("results/<int:pk>/", public.show_result, name="result"),
    path("results/<int:pk>/list.txt", public.give_list, name="result_list"),
    path("guidance/", notes.list_notes, name="notes"),
    path("guidance/guidance.xlsx", notes.give_notes, name="notes_workbook"),
    path("guidance/<int:pk>/", notes.show_note, name="note"),
    path("guidance/<int:pk>/<slug:verb>/", notes.change_note, name="note_move"),
    path("spaces/<int:pk>/guidance/new/", notes.new_note, name="note_new"),
    path("draws/", draws.list_draws, name="draws"),
    path("draws/new/", draws.new_draw, name="draw_new"),
    path("draws/<int:pk>/", draws.show_draw, name="draw"),
    path("draws/<int:pk>/include/<int:exclusion>/", draws.take_back, name="draw_include"),
    path("draws/<int:pk>/<slug:verb>/", draws.change_draw, name="draw_move"),
    path("visits/", visits.list_visits, name="visits"),
    path("visits/visits.xlsx", visits.give_visits, name="visits_workbook"),
    path("visits/<int:pk>/", visits.show_visit, name="visit"),
    path("visits/<int:pk>/record/", visits.fill_record, name="visit_record"),
    path("visits/<int:pk>/files/<int:file>/", visits.give_file, name="visit_file"),
    path("visits/<int:pk>/do/<slug:verb>/", visits.change_visit, name="visit_move"),
]
