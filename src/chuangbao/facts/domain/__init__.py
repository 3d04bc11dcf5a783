"""What is done with facts: stating, verifying, disputing, resolving, taking in files; and what stands on a day."""
