"""The addresses of spaces."""

from __future__ import annotations

from django.urls import path

from chuangbao.spaces.views import (
    comparing,
    directory,
    embedding,
    ending,
    keeping,
    officers,
    pictures,
    projects,
    transfers,
)

app_name = "spaces"

urlpatterns = [
    path("", directory.list_spaces, name="list"),
    path("map.json", directory.give_points, name="points"),
    path("data/spaces.csv", directory.give_csv, name="csv"),
    path("data/spaces.json", directory.give_json, name="json"),
    path("compare/", comparing.compare, name="compare"),
    path("register/", keeping.register, name="register"),
    path("mine/", keeping.list_own, name="mine"),
    path("area/", officers.list_area, name="area"),
    path("area/spaces.xlsx", officers.give_workbook, name="area_workbook"),
    path("transfers/<int:pk>/", transfers.show_transfer, name="transfer"),
    path("transfers/<int:pk>/<slug:verb>/", transfers.move_transfer, name="transfer_move"),
    path("recognitions/<int:pk>/end/", officers.end, name="recognition_end"),
    path("pictures/<int:pk>.jpg", pictures.give_large, name="picture"),
    path("pictures/<int:pk>-small.jpg", pictures.give_small, name="picture_small"),
    path("projects/", projects.list_projects, name="projects"),
    path("projects/data/projects.csv", projects.give_csv, name="projects_csv"),
    path("projects/data/projects.json", projects.give_json, name="projects_json"),
    path("projects/new/", projects.enter, name="project_new"),
    path("projects/members/<int:pk>/<slug:verb>/", projects.decide, name="project_member"),
    path("projects/<int:pk>/", projects.show_project, name="project"),
    path("projects/<int:pk>/map.json", projects.give_points, name="project_points"),
    path("projects/<int:pk>/edit/", projects.edit, name="project_edit"),
    path("projects/<int:pk>/start/", projects.start_project, name="project_start"),
    path("projects/<int:pk>/end/", projects.end_project, name="project_end"),
    path("projects/<int:pk>/milestones/add/", projects.new_milestone, name="project_milestone"),
    path("projects/<int:pk>/milestones/<int:milestone>/", projects.reach, name="project_reach"),
    path("projects/<int:pk>/claim/", projects.claim, name="project_claim"),
    path("projects/<int:pk>/candidates/", projects.list_candidates, name="project_candidates"),
    path("<int:pk>/", directory.show_space, name="space"),
    path("<int:pk>/embed/", embedding.show_card, name="embed"),
    path("<int:pk>/follow/", directory.follow, name="follow"),
    path("<int:pk>/edit/", keeping.edit, name="edit"),
    path("<int:pk>/sites/add/", keeping.new_site, name="site_add"),
    path("<int:pk>/sites/<int:site>/", keeping.edit_site, name="site"),
    path("<int:pk>/sites/<int:site>/end/", keeping.give_up_site, name="site_end"),
    path("<int:pk>/offers/", keeping.list_offers, name="offers"),
    path("<int:pk>/offers/<int:offer>/drop/", keeping.remove_offer, name="offer_drop"),
    path("<int:pk>/pictures/", pictures.keep_pictures, name="pictures"),
    path("<int:pk>/pictures/<int:picture>/", pictures.edit_text, name="picture_edit"),
    path("<int:pk>/pictures/<int:picture>/move/", pictures.reorder, name="picture_move"),
    path("<int:pk>/pictures/<int:picture>/drop/", pictures.drop, name="picture_drop"),
    path("<int:pk>/pictures/<int:picture>/take-down/", pictures.take_down, name="picture_take_down"),
    path("<int:pk>/new/", keeping.edit_new_tags, name="new_tags"),
    path("<int:pk>/ending/", ending.show_ways, name="ending"),
    path("<int:pk>/ending/<slug:verb>/", ending.end, name="end"),
    path("<int:pk>/transfer/", ending.hand_on, name="hand_on"),
    path("<int:pk>/recognitions/add/", officers.enter, name="recognition_add"),
]
