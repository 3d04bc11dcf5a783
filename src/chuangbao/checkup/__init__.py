"""政策体检: a few plain questions, and what the state and the province owe you for the answers."""
