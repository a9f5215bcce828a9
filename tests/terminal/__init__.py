"""The terminal: its menu, its screens, its banner, and `kktsim menu`."""
