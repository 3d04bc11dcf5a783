"""What a check-up does and finds, apart from pages."""
