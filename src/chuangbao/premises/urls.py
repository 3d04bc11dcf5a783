"""The addresses of premises and letters."""

from __future__ import annotations

from django.urls import path

from chuangbao.premises.views import letters, lookups, premises

app_name = "premises"

urlpatterns = [
    path("", premises.list_premises, name="list"),
    path("new/", premises.new_premise, name="new"),
    path("look-up/", lookups.look_up, name="look_up"),
    path("look-up/<str:token>/", lookups.look_up_code, name="look_up_code"),
    path("letters/", letters.list_letters, name="letters"),
    path("letters/letters.xlsx", letters.give_workbook, name="workbook"),
    path("letters/<int:pk>/", letters.show_letter, name="letter"),
    path("letters/<int:pk>/letter.pdf", letters.give_pdf, name="letter_pdf"),
    path("letters/<int:pk>/replace/", letters.replace, name="letter_replace"),
    path("letters/<int:pk>/revoke/", letters.revoke, name="letter_revoke"),
    path("letters/<int:pk>/licence/", letters.note, name="letter_licence"),
    path("<int:pk>/", premises.show_premise, name="premise"),
    path("<int:pk>/ceiling/", premises.change_ceiling, name="ceiling"),
    path("<int:pk>/close/", premises.close, name="close"),
    path("<int:pk>/letters/new/", letters.new_letter, name="letter_new"),
]
