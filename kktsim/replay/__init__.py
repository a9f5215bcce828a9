"""«Воспроизведение»: a recorded driver played against a till, whose answers are compared with what the driver needs.

`script` makes steps of a trace, `needs` says what an answer must be, `player` plays the steps over a wire.
"""

from kktsim.replay.player import NotPreparedError, Player, Report
from kktsim.replay.script import Script, ScriptError, script

__all__ = ["NotPreparedError", "Player", "Report", "Script", "ScriptError", "script"]
