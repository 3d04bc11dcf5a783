"""What the library does, apart from pages."""
