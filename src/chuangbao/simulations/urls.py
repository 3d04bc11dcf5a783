"""The addresses of simulations."""

from __future__ import annotations

from django.urls import path

from chuangbao.simulations.views import simulations, variants

app_name = "simulations"
urlpatterns = [
    path("", simulations.simulations, name="simulations"),
    path("example/", simulations.example, name="simulation_example"),
    path("about/<str:ref>/", simulations.new_simulation, name="simulation_new"),
    path("<uuid:key>/", simulations.simulation, name="simulation"),
    path("<uuid:key>/settings/", simulations.settings, name="simulation_settings"),
    path("<uuid:key>/run/", simulations.run, name="simulation_run"),
    path("<uuid:key>/copy/", simulations.copy, name="simulation_copy"),
    path("<uuid:key>/figures.json", simulations.figures, name="simulation_figures"),
    path("<uuid:key>/simulation.xlsx", simulations.export, name="simulation_export"),
    path("<uuid:key>/variants/new/", variants.new_variant, name="simulation_variant_new"),
    path("<uuid:key>/variants/<int:number>/", variants.variant, name="simulation_variant"),
    path("<uuid:key>/variants/<int:number>/drop/", variants.drop, name="simulation_drop"),
]
