"""The pages of guidance and inspections."""
