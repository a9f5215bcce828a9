"""For tests and scenario runs: tills in named states, and wires to them."""
