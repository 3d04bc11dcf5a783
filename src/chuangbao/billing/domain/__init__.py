"""The verbs of the money of a space: one transaction each; ``proration`` is pure arithmetic."""
