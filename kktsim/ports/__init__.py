"""The edges of the device: bytes come in from a driver here and go out again, and nothing is decided.

A port gives a ``Line`` what it read and writes what the line answers, on the same turn of the asyncio loop: no queue,
no thread, no polling. It also keeps the one timer for the next deadline of its line.
"""
