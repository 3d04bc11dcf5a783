"""The design system: shell, components, fields, icons, and the pages of core."""
