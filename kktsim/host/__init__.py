"""The other end of the port: the host roles of the links, and something that carries bytes."""
