"""The control API: the operator's hands and eyes over HTTP, for the machine's own user only.

`actions` is the one table of what can be asked; `app` answers by it, `client` asks by it.
"""
