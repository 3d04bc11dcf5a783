"""The portal (门户): the shell, the design system, home, map and errors, and the check-up beside them."""
