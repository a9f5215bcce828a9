"""The file of an FN: what tells it from other files, and what is in it."""

from fn_model.store_file import FileKind, StoreFileError

FnFileError = StoreFileError
APPLICATION_ID = int.from_bytes(b"KKFN", "big")
SCHEMA_VERSION = 1
FN_FILE = FileKind(APPLICATION_ID, SCHEMA_VERSION, "an FN", "kktsim fn new")

SCHEMA = (
    "CREATE TABLE fn (number TEXT NOT NULL, model TEXT NOT NULL, settings TEXT NOT NULL)",
    "CREATE TABLE state (unsent INTEGER NOT NULL, head INTEGER NOT NULL, forgotten INTEGER NOT NULL, {fields})",
    "CREATE TABLE document (number INTEGER PRIMARY KEY, type INTEGER NOT NULL, at TEXT NOT NULL,"
    " sign INTEGER NOT NULL, goes_to_ofd INTEGER NOT NULL, short BLOB NOT NULL, ffd INTEGER NOT NULL)",
    "CREATE TABLE body (number INTEGER PRIMARY KEY, tlv BLOB NOT NULL)",
    "CREATE TABLE confirmation (number INTEGER PRIMARY KEY, at TEXT NOT NULL, sign BLOB NOT NULL)",
    "CREATE TABLE damaged (number INTEGER PRIMARY KEY)",
)
"""``fn`` and ``state`` have one row. ``head``: number of the first unsent document, 0 when there is none;
``forgotten``: up to which document bodies are dropped; ``fields``: the columns of the state."""
