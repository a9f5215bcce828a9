"""The matrix of commands, phases and states once more, of an FN that another process serves on a PTY."""

from pathlib import Path
from typing import cast

import pytest

from fn_model import FnPort, load_model
from fn_model.model import Generation
from kktsim.host.fn_wire import FnWire

from ..fn.fn_till import NUMBER, START, Till
from ..fn.matrix import Matrix
from ..fn.test_fn_matrix import MODELS, cases, expected
from .served import FN, serve


class Outside:
    """What a till of the tests takes for the port of its FN."""

    def __init__(self, wire: FnWire) -> None:
        self._wire = wire

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """Over the wire; the FN there has a clock of its own, which stands."""
        return self._wire.exchange(frame)


@pytest.mark.parametrize("generation", Generation)
def test_an_fn_in_another_process_has_the_same_matrix(generation: Generation, tmp_path: Path) -> None:
    model = MODELS[generation]
    arguments = ("--fn-model", model, "--number", NUMBER, "--at", START.isoformat(), "--clock", "frozen")
    with serve("--port", f"pty:{tmp_path / 'fn'}", *arguments, what=FN) as served:
        wire = FnWire(served.says("ready"))
        wire.open()
        till = Till(load_model(model))
        till.port = cast(FnPort, Outside(wire))
        matrix = Matrix(till)
        found = {place: matrix.codes(place, cells.rows) for one, cells, place in cases() if one is generation}
        wire.close()
    wanted = {place: expected(cells, place) for one, cells, place in cases() if one is generation}
    assert found == wanted
