"""Every error that the till can answer, brought about."""
