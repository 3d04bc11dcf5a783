"""The verbs of simulations, and the work behind them."""
