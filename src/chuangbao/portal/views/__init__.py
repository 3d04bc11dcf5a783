"""The pages of the portal's own: home, map, errors, design system, preferences."""
