"""The addresses of the portal's own pages."""

from __future__ import annotations

from django.urls import path

from chuangbao.portal.views import demo, design, desk, device, home, preferences
from chuangbao.portal.views import map as map_pages

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("desk/", desk.desk, name="desk"),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
    path("demo/mail/", demo.mail, name="demo_mail"),
    path("map/", map_pages.region_map, name="map"),
    path("map/shapes.json", map_pages.shapes, name="map_shapes"),
    path("map/counties.json", map_pages.county_shapes, name="map_counties"),
    path("map/data.json", map_pages.data, name="map_data"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("design/", design.design, name="design"),
    path("offline/", device.offline, name="offline"),
    path("manifest.webmanifest", device.manifest, name="manifest"),
    path("service-worker.js", device.service_worker, name="service_worker"),
    path("robots.txt", device.robots, name="robots"),
]
