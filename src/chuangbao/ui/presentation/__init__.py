"""Judged conditions and formulas in words; they need the engine and nothing above it."""
