"""Who acts, and what they may open and see: actors, permissions of pages, row access, keys in addresses."""
