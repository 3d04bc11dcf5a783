"""The pages of runs: their list and figures, who is entitled, one explanation, and what is new for a person."""
