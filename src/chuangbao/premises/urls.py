"""The addresses of premises and letters."""

from __future__ import annotations

from django.urls import path

from chuangbao.premises.views import files, letters, lookups, mail, premises, scope, warnings

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
    path("letters/<int:pk>/industry/", letters.note_code, name="letter_industry"),
    path("files/", files.list_files, name="files"),
    path("files/files.xlsx", files.give_files, name="files_workbook"),
    path("files/<int:pk>/", files.show_file, name="file"),
    path("files/<int:pk>/contact/", files.change_contact, name="file_contact"),
    path("files/<int:pk>/mail/", files.take_mail, name="file_mail"),
    path("files/<int:pk>/tries/", files.add_try, name="file_try"),
    path("files/<int:pk>/lost/", files.report_lost, name="file_lost"),
    path("files/<int:pk>/office/", files.answer_report, name="file_office"),
    path("mail/", mail.list_mail, name="mail"),
    path("mail/mail.xlsx", mail.give_mail, name="mail_workbook"),
    path("mail/<int:pk>/", mail.show_item, name="mail_item"),
    path("mail/<int:pk>/hand-over/", mail.hand_over, name="mail_hand_over"),
    path("mail/<int:pk>/send-back/", mail.send_back, name="mail_send_back"),
    path("scope/", scope.look_at_scope, name="scope"),
    path("warnings/", warnings.show_warnings, name="warnings"),
    path("warnings/warnings.xlsx", warnings.give_warnings, name="warnings_workbook"),
    path("<int:pk>/", premises.show_premise, name="premise"),
    path("<int:pk>/ceiling/", premises.change_ceiling, name="ceiling"),
    path("<int:pk>/close/", premises.close, name="close"),
    path("<int:pk>/letters/new/", letters.new_letter, name="letter_new"),
]
