"""Policy simulations (政策模拟): what a measure and changed copies of it would do and cost."""
