"""The support articles judged: every scenario of each played in all its cases, and what that says of each step."""
