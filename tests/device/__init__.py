"""Tests of the till behind its port: application messages in, replies out, the FN at the end of a real cable."""
