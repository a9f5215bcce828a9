"""Tests of the host's side: how it finds out what a till speaks, and how it gives up."""
