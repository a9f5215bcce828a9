"""The exchange with the operator of fiscal data (ОФД): session header, container, confirmation; both roles."""
