"""Files that people bring, read apart in a process of their own with limits; secrets at rest (加密)."""
