"""The addresses of tenants."""

from __future__ import annotations

from django.urls import path

from chuangbao.tenants.views import applying, board, hosting, own

app_name = "tenants"

urlpatterns = [
    path("", board.list_board, name="board"),
    path("tenants.xlsx", board.give_workbook, name="workbook"),
    path("spaces/<int:pk>/apply/", applying.apply, name="apply"),
    path("spaces/<int:pk>/cohorts/", board.list_space_cohorts, name="cohorts"),
    path("mine/", applying.list_mine, name="mine"),
    path("mine/<int:pk>/", own.show_own, name="own"),
    path("mine/<int:pk>/withdraw/", applying.withdraw, name="withdraw"),
    path("<int:pk>/", hosting.show_hosted_tenancy, name="tenancy"),
    path("<int:pk>/talks/", hosting.arrange, name="arrange"),
    path("<int:pk>/talks/<int:talk>/", hosting.note, name="note"),
    path("<int:pk>/admit/", hosting.admit, name="admit"),
    path("<int:pk>/decline/", hosting.decline, name="decline"),
    path("<int:pk>/place/", hosting.change_place, name="place"),
]
