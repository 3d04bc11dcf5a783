"""What people take along: PDF and Excel."""
