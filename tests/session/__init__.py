"""Tests of one port's dialogue with a whole till: links, tasks, waiting, garbage."""
