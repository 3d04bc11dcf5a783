"""People, organisations and posts."""

from __future__ import annotations

from django.urls import path

from chuangbao.accounts.views import administration, leaving, legal, mobile, offices, organisations, people, record

app_name = "accounts"
urlpatterns = [
    path("acting/", people.acting, name="acting"),
    path("me/", people.me, name="me"),
    path("me/consent/", legal.consent, name="consent"),
    path("legal/<slug:name>/", legal.legal_document, name="legal"),
    path("contact/", legal.contact, name="contact"),
    path("offices/", offices.offices, name="offices"),
    path("offices.xlsx", offices.workbook, name="offices_workbook"),
    path("offices/new/", offices.add, name="office_add"),
    path("offices/<int:pk>/", offices.office, name="office"),
    path("offices/<int:pk>/change/", offices.change, name="office_change"),
    path("offices/<int:pk>/<slug:verb>/", offices.move, name="office_move"),
    path("me/security/", people.security, name="security"),
    path("me/mobile/", mobile.mobile, name="mobile"),
    path("me/mobile/code/", mobile.confirm, name="mobile_confirm"),
    path("me/mobile/remove/", mobile.remove, name="mobile_remove"),
    path("me/export/", people.export, name="export"),
    path("me/erase/", people.erase, name="erase"),
    path("me/again/", leaving.again, name="again"),
    path("organisations/", organisations.mine, name="organisations"),
    path("organisations/new/", organisations.found, name="found"),
    path("organisations/claim/", organisations.claim, name="claim"),
    path("organisations/area/", organisations.area, name="area"),
    path("organisations/area.xlsx", organisations.area_workbook, name="area_workbook"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/invite/", organisations.invite, name="invite"),
    path("organisations/<int:pk>/invitations/<int:invitation>/", organisations.withdraw, name="withdraw"),
    path("organisations/<int:pk>/members/<int:membership>/", organisations.member, name="member"),
    path("organisations/<int:pk>/correct/", leaving.correct, name="correct"),
    path("organisations/<int:pk>/hand-over/", leaving.hand_over, name="hand_over"),
    path("organisations/<int:pk>/dissolve/", leaving.dissolve, name="dissolve"),
    path("organisations/<int:pk>/<slug:verb>/", organisations.standing, name="standing"),
    path("claims/<int:pk>/<slug:verb>/", organisations.decide, name="decide"),
    path("invitations/mine/<int:pk>/", organisations.own_invitation, name="own_invitation"),
    path("invitations/<str:token>/", organisations.invitation, name="invitation"),
    path("administration/posts/", administration.posts, name="posts"),
    path("administration/posts/new/", administration.appoint, name="appoint"),
    path("administration/posts/<int:pk>/confirm/", administration.confirm_post, name="confirm_post"),
    path("administration/agencies/<int:pk>/department/", administration.department, name="department"),
    path("administration/posts/<int:pk>/end/", administration.end_post, name="end_post"),
    path("administration/duties/new/", administration.appoint_admin, name="appoint_admin"),
    path("administration/duties/<int:pk>/end/", administration.end_duty, name="end_duty"),
    path("administration/record/", record.record, name="record"),
    path("administration/record.xlsx", record.record_workbook, name="record_workbook"),
]
