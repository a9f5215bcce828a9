"""The decoder: every wire, whole and broken."""
