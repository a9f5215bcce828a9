"""Tests of the lower level v3, the task buffer and the declared commands."""
