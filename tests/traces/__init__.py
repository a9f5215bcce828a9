"""Traces: the format, the recorder, the replayer, and the dialogues of real drivers as test data."""
