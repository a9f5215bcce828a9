"""The exchange with the operator of fiscal data (ОФД): the till's client and a small operator to talk to."""
