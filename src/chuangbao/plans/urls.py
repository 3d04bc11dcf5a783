"""The addresses of plans."""

from __future__ import annotations

from django.urls import path

from chuangbao.plans.views import floors, looking, pictures, shapes

app_name = "plans"

urlpatterns = [
    path("", floors.list_floors, name="list"),
    path("floors.xlsx", floors.export_floors, name="export"),
    path("venues/<int:pk>/", looking.show_venue, name="venue"),
    path("venues/<int:pk>/print/", looking.print_venue, name="print"),
    path("venues/<int:pk>/new/", floors.new_floor, name="new"),
    path("<int:pk>/", looking.show_floor, name="floor"),
    path("<int:pk>/picture/", looking.give_picture, name="picture"),
    path("<int:pk>/change/", floors.edit_floor, name="change"),
    path("<int:pk>/remove/", floors.drop_floor, name="remove"),
    path("<int:pk>/draw/", shapes.draw, name="draw"),
    path("<int:pk>/draw/new/", shapes.new_shape, name="new-shape"),
    path("<int:pk>/draw/row/", shapes.new_row, name="new-row"),
    path("<int:pk>/draw/<int:shape>/", shapes.edit_shape, name="shape"),
    path("<int:pk>/draw/<int:shape>/remove/", shapes.drop_shape, name="remove-shape"),
    path("<int:pk>/draw/<int:shape>/back/", shapes.put_back, name="restore-shape"),
    path("<int:pk>/background/", pictures.bring_picture, name="background"),
    path("<int:pk>/background/scale/", pictures.give_scale, name="scale"),
    path("<int:pk>/background/remove/", pictures.take_away, name="remove-background"),
]
