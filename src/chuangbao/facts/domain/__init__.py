"""What is done with facts: stating, verifying, disputing, resolving, taking in files; and what is in force on a day."""
