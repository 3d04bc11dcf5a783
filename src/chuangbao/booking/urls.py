"""The addresses of booking."""

from __future__ import annotations

from django.urls import path

from chuangbao.booking.views import bookings, calendars, keeping, rates, resources, venues, waiting

app_name = "booking"

urlpatterns = [
    path("", bookings.search, name="search"),
    path("mine/", bookings.list_mine, name="mine"),
    path("desk/", bookings.list_desk, name="desk"),
    path("desk/bookings.xlsx", bookings.export_desk, name="desk-export"),
    path("bookings/<int:pk>/", bookings.show_booking, name="booking"),
    path("bookings/<int:pk>/time/", bookings.move_in_time, name="time"),
    path("bookings/<int:pk>/<slug:verb>/", bookings.change_booking, name="move"),
    path("calendar/", calendars.show_address, name="calendar"),
    path("calendar/<str:token>.ics", calendars.read_feed, name="feed"),
    path("resources/<int:pk>/calendar/", calendars.foreign_calendar, name="foreign-calendar"),
    path("trainings/", keeping.list_trainings, name="trainings"),
    path("trainings/<int:pk>/", keeping.show_training, name="training"),
    path("trainings/<int:pk>/holders/<int:holder>/remove/", keeping.remove_holder, name="remove-holder"),
    path("venues/<int:pk>/passes/", keeping.list_passes, name="passes"),
    path("venues/<int:pk>/passes/<int:access>/remove/", keeping.remove_pass, name="remove-pass"),
    path("venues/<int:pk>/closed/", keeping.list_closed, name="closed"),
    path("venues/<int:pk>/closed/<int:busy>/remove/", keeping.open_time, name="open-time"),
    path("venues/<int:pk>/rates/", rates.list_rates, name="rates"),
    path("venues/<int:pk>/rates/prices.xlsx", rates.export_rates, name="rates-export"),
    path("venues/<int:pk>/rates/<int:rate>/end/", rates.stop_rate, name="end-rate"),
    path("venues/<int:pk>/free/", rates.new_allowance, name="new-allowance"),
    path("venues/<int:pk>/free/<int:allowance>/end/", rates.stop_allowance, name="end-allowance"),
    path("venues/<int:pk>/line/", waiting.show_line, name="line"),
    path("venues/<int:pk>/line/<int:place>/ahead/", waiting.advance, name="advance"),
    path("line/<int:pk>/leave/", waiting.leave, name="leave-line"),
    path("resources/<int:pk>/wait/", waiting.wait_in_line, name="wait"),
    path("venues/", venues.list_venues, name="venues"),
    path("venues/venues.xlsx", venues.export_venues, name="venues-export"),
    path("venues/new/", venues.new_venue, name="new-venue"),
    path("venues/<int:pk>/", venues.show_venue, name="venue"),
    path("venues/<int:pk>/day/", venues.show_day, name="day"),
    path("venues/<int:pk>/edit/", venues.edit_venue, name="edit-venue"),
    path("venues/<int:pk>/close/", venues.shut_venue, name="close-venue"),
    path("venues/<int:pk>/hours/", venues.change_hours, name="hours"),
    path("venues/<int:pk>/hours/new/", venues.new_exception, name="new-exception"),
    path("venues/<int:pk>/hours/<int:exception>/remove/", venues.remove_days, name="remove-exception"),
    path("venues/<int:pk>/resources/new/", resources.new_resource, name="new-resource"),
    path("resources/", resources.list_resources, name="resources"),
    path("resources/resources.xlsx", resources.export_resources, name="resources-export"),
    path("resources/<int:pk>/", resources.show_resource, name="resource"),
    path("resources/<int:pk>/here/", bookings.check_in_here, name="here"),
    path("resources/<int:pk>/code.svg", bookings.show_code, name="code"),
    path("resources/<int:pk>/edit/", resources.edit_resource, name="edit-resource"),
    path("resources/<int:pk>/retire/", resources.retire, name="retire"),
    path("resources/<int:pk>/book/", bookings.new_booking, name="book"),
]
