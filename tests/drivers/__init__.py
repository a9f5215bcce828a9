"""The whole day of a till, driven by ATOL's own driver: run it with ``python -m tests.drivers``.

Other people's drivers are the only judges of a till who were not written by the authors of the till. This package
fetches one of them (`fetch`), binds its documented C API (`fptr`, `constants`), and plays a working day and the
known breakdowns (`day`, `queries`, `paper`, `broken`) against ``kktsim serve`` over a PTY and over TCP.

One play is one till and one child process with the driver inside (`worker`); `plays` lists them and `__main__`
runs them and prints the table. The driver needs no network, so the run leaves only the loopback interface
(`loopback`).
"""
