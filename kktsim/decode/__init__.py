"""«Расшифровка»: bytes of any wire into what a person reads. Pure; never raises, says what is wrong at which byte.

Both links, application messages, messages of the FN and of the OFD, and requisites. `Dialogue` keeps the context of a
dialogue whose sides are known; `guess` is for bytes of which nothing is known; `dump` reads logs and hex in any
spelling.
"""

from kktsim.decode.dialogue import Dialogue, Link
from kktsim.decode.piece import Field, Piece, Side, as_json, lines, summary

__all__ = ["Dialogue", "Field", "Link", "Piece", "Side", "as_json", "lines", "summary"]
