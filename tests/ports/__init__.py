"""The ports, with fake lines behind them and real clients before them."""
