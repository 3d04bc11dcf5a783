"""The portal (门户), the roof: home, map, workbench, errors, and what the shell of every page gets."""
