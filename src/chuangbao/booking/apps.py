"""Booking as a Django application."""

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """Venues, their resources and bookings (预约)."""

    name = "chuangbao.booking"
    label = "booking"
