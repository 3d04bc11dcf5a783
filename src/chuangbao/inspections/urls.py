"""The addresses of guidance and inspections."""

from __future__ import annotations

from django.urls import path

from chuangbao.inspections.views import curves, draws, notes, public, rules, upgrades, visits

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
    path("spaces/<int:pk>/curves/", curves.show_curves, name="curves"),
    path("spaces/<int:pk>/curves/curves.xlsx", curves.give_curves, name="curves_workbook"),
    path("spaces/<int:pk>/benefits/", rules.show_benefits, name="benefits"),
    path("spaces/<int:pk>/readiness/", rules.show_readiness, name="readiness"),
    path("curves/", curves.show_area_curves, name="area_curves"),
    path("upgrades/", upgrades.list_plans, name="plans"),
    path("upgrades/upgrades.xlsx", upgrades.give_plans, name="plans_workbook"),
    path("upgrades/<int:pk>/", upgrades.show_plan, name="plan"),
    path("upgrades/<int:pk>/milestones/<int:milestone>/", upgrades.reach, name="plan_reach"),
    path("upgrades/<int:pk>/milestones/<int:milestone>/file/", upgrades.give_evidence, name="plan_file"),
    path("upgrades/<int:pk>/do/<slug:verb>/", upgrades.change_plan, name="plan_move"),
    path("spaces/<int:pk>/upgrades/new/", upgrades.new_plan, name="plan_new"),
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
