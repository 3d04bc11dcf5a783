"""The addresses of tenants."""

from __future__ import annotations

from django.urls import path

from chuangbao.tenants.views import agreements, applying, board, cards, ending, entering, hosting, own, support

app_name = "tenants"

urlpatterns = [
    path("", board.list_board, name="board"),
    path("tenants.xlsx", board.give_board, name="workbook"),
    path("figures/", cards.list_figures, name="figures"),
    path("area/", cards.list_area, name="area"),
    path("area/tenants.xlsx", cards.give_area, name="area_workbook"),
    path("spaces/<int:pk>/apply/", applying.apply, name="apply"),
    path("spaces/<int:pk>/cohorts/", board.list_space_cohorts, name="cohorts"),
    path("spaces/<int:pk>/cohorts/<int:cohort>/", board.edit_cohort, name="cohort"),
    path("spaces/<int:pk>/cohorts/<int:cohort>/remove/", board.remove_cohort, name="cohort_drop"),
    path("spaces/<int:pk>/enter/", entering.enter_earlier, name="enter"),
    path("mine/<int:pk>/confirm/", entering.confirm_place, name="confirm"),
    path("mine/<int:pk>/refuse/", entering.refuse_place, name="refuse"),
    path("mine/", applying.list_mine, name="mine"),
    path("mine/<int:pk>/", own.show_own, name="own"),
    path("mine/<int:pk>/withdraw/", applying.take_back, name="withdraw"),
    path("mine/<int:pk>/leave/", ending.leave, name="leave"),
    path("mine/<int:pk>/found/", own.go_on_as_firm, name="found"),
    path("mine/<int:pk>/card/", cards.fill, name="card"),
    path("mine/<int:pk>/data.zip", ending.give_data, name="data"),
    path("<int:pk>/graduate/", ending.graduate, name="graduate"),
    path("<int:pk>/end/", ending.end_here, name="end"),
    path("handovers/<int:pk>/tick/", ending.tick, name="tick"),
    path("<int:pk>/", hosting.show_hosted_tenancy, name="tenancy"),
    path("<int:pk>/talks/", hosting.arrange, name="arrange"),
    path("<int:pk>/talks/<int:talk>/", hosting.note, name="note"),
    path("<int:pk>/admit/", hosting.admit, name="admit"),
    path("<int:pk>/decline/", hosting.decline, name="decline"),
    path("<int:pk>/place/", hosting.change_place, name="place"),
    path("<int:pk>/agreement/", agreements.offer, name="offer"),
    path("<int:pk>/services/", support.log, name="log"),
    path("<int:pk>/milestones/", support.new_milestone, name="milestone_add"),
    path("agreements/<int:pk>/", agreements.show_agreement, name="agreement"),
    path("agreements/<int:pk>/agreement.pdf", agreements.give_pdf, name="agreement_pdf"),
    path("agreements/<int:pk>/sign/", agreements.sign, name="sign"),
    path("agreements/<int:pk>/void/", agreements.void, name="void"),
    path("services/<int:pk>/<slug:verb>/", support.move_service, name="service_move"),
    path("milestones/<int:pk>/reach/", support.reach, name="reach"),
]
