"""The paper: what the till prints, as text."""
