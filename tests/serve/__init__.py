"""Tests of `kktsim serve` as a program, and of real drivers' dialogues with a whole till."""
