"""The matrix of commands, phases and states: every cell, over frames alone."""

import pytest

from fn_model import load_model
from fn_model.model import Generation
from fn_model.phases import COMMAND_PHASES
from fn_model.port import COMMANDS
from protocol.fn.commands import FnCommand, Phase
from tests.fn.fn_till import Till
from tests.fn.matrix import REQUESTS, WAYS, Cells, Matrix
from tests.fn.matrix_cells import EXCHANGE, LISTINGS, LIVES, WITHOUT_DATA

MODELS = {Generation.FN_1: "fn-1-13", Generation.FN_1_1: "fn-1-1-15", Generation.FN_1_1M: "fn-1-1m-15"}
PHASES = {"U": Phase.READY, "C": Phase.FISCAL, "P": Phase.POST_FISCAL, "R": Phase.ARCHIVE_READ}


def expected(cells: Cells, place: str) -> dict[str, str]:
    return {label: row[place] for label, row in cells.rows.items()}


def cases() -> list[tuple[Generation, Cells, str]]:
    blocks = [(one, (life, WITHOUT_DATA, EXCHANGE, LISTINGS)) for one, life in LIVES.items()]
    return [(one, cells, place) for one, parts in blocks for cells in parts for place in cells.places]


@pytest.mark.parametrize(("generation", "cells", "place"), cases(), ids=lambda one: one if isinstance(one, str) else "")
def test_every_command_is_done_there_or_refused_with_its_code(generation: Generation, cells: Cells, place: str) -> None:
    matrix = Matrix(Till(load_model(MODELS[generation])))
    assert matrix.codes(place, cells.rows) == expected(cells, place)


def test_the_matrix_has_every_command_and_every_generation() -> None:
    assert {command for command, _ in REQUESTS.values()} == set(FnCommand)
    assert LIVES.keys() == set(Generation)
    for cells in LIVES.values():
        assert cells.rows.keys() == REQUESTS.keys()


def test_every_way_to_a_place_is_gone() -> None:
    assert {place for _, cells, place in cases() for place in cells.places} == WAYS.keys()


def test_every_command_is_built() -> None:
    assert COMMANDS.keys() == set(FnCommand)


@pytest.mark.parametrize("generation", Generation)
def test_a_command_outside_its_phases_is_refused_in_the_matrix_too(generation: Generation) -> None:
    life = LIVES[generation]
    for label, (command, _) in REQUESTS.items():
        phases = COMMAND_PHASES[generation].get(command)
        for place, phase in PHASES.items():
            if phases is None:
                assert life.rows[label][place] == "01"
            elif phase not in phases:
                assert life.rows[label][place] in ("01", "02")
