"""Booking (预约): venues, what can be booked in them, and who has it when."""
