"""The terminal around a till: its service menu, screens and banner. A host, which knows the till by its port alone.

What is on the screen and on the paper is documented (support articles), and so is what the terminal says on the wire
(real Evotor log); what the articles do not print is worded by guess.
"""
