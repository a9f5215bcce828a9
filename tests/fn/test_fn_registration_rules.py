"""Each rule about the values of 03h and A3h: what breaks it, in which generation, and what is right beside it."""

from dataclasses import replace
from typing import Any

import pytest

from fn_model import load_model
from fn_model.registration_rules import RULES, Registering
from fn_model.state import BegunDocument, FnState
from fn_model.transitions import Stage
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05, FFD_1_1, FFD_1_2
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode
from protocol.fn.commands import ExtendedMode, FnCode, FnCommand, WorkMode
from protocol.fn.requests import Registration
from tests.fn.fn_till import INN, REGISTRATION_DATA, REGISTRATION_NUMBER, START, Till
from tests.fn.full_till import FullTill

GENERATIONS = ("fn-1-13", "fn-1-1-15", "fn-1-1m-15")
GOOD = Registration(START, INN, REGISTRATION_NUMBER, 1, WorkMode.NONE)
FULL = FullTill().full_registration()
RIGHT_SERIAL = "000000000002"
"""The KKT that `REGISTRATION_NUMBER` was given to."""

WRONG: list[tuple[str, int, dict[str, Any]]] = [
    ("the registration number has 16 digits", FFD_1_05, {"registration_number": "000000000500857"}),
    ("the registration number has 16 digits", FFD_1_1, {"registration_number": "000000000500857X"}),
    ("the registration number has 16 digits", FFD_1_2, {"registration_number": ""}),
    ("the INN has 10 or 12 digits", FFD_1_05, {"inn": "77022032761"}),
    ("the INN has 10 or 12 digits", FFD_1_2, {"inn": "7702203X76"}),
    ("there are tax systems, and no unknown ones", FFD_1_05, {"tax_systems": 0}),
    ("there are tax systems, and no unknown ones", FFD_1_2, {"tax_systems": 64}),
    ("messages are not encrypted", FFD_1_05, {"work_mode": WorkMode.ENCRYPTION}),
    ("only FFD 1.2 knows wholesale", FFD_1_05, {"work_mode": WorkMode.WHOLESALE}),
    ("only FFD 1.2 knows wholesale", FFD_1_1, {"work_mode": WorkMode.WHOLESALE}),
    ("the OFD's INN has 10 or 12 digits", FFD_1_1, {"ofd_inn": ""}),
    ("the OFD's INN has 10 or 12 digits", FFD_1_2, {"ofd_inn": "77043585"}),
    (
        "excise and marked goods are not sold as services",
        FFD_1_1,
        {"work_mode": WorkMode.SERVICES, "extended_mode": ExtendedMode.EXCISE},
    ),
    (
        "excise and marked goods are not sold as services",
        FFD_1_2,
        {"work_mode": WorkMode.SERVICES, "extended_mode": ExtendedMode.MARKED_GOODS},
    ),
    ("gambling is registered as a service", FFD_1_2, {"extended_mode": ExtendedMode.GAMBLING}),
    ("marked goods need FFD 1.2", FFD_1_1, {"extended_mode": ExtendedMode.MARKED_GOODS}),
]


def broken(ffd: int, changes: dict[str, Any], stage: Stage = Stage.REGISTERING, **settings: Any) -> list[str]:
    """Names of the rules that a registration breaks."""
    model = load_model("fn-1-1m-15")
    model = replace(model, settings=replace(model.settings, **settings))
    begun = BegunDocument(stage, DocumentType.REGISTRATION, None, 0.0, ffd)
    request = replace(GOOD if ffd == FFD_1_05 else FULL, **changes)
    return [rule.name for rule in RULES if not rule.holds(Registering(FnState(), model, begun, request))]


@pytest.mark.parametrize(("name", "ffd", "changes"), WRONG)
def test_a_wrong_value_breaks_its_rule_and_no_other(name: str, ffd: int, changes: dict[str, Any]) -> None:
    assert broken(ffd, {}) == []
    assert broken(ffd, changes) == [name]


@pytest.mark.parametrize(("name", "ffd", "changes"), [row for row in WRONG if row[1] == FFD_1_05])
@pytest.mark.parametrize("model", GENERATIONS)
def test_every_generation_answers_09_to_03(model: str, name: str, ffd: int, changes: dict[str, Any]) -> None:
    till = Till(load_model(model))
    till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    assert till.refused(FnCommand.REGISTER, replace(GOOD, **changes).build()) == FnCode.BAD_VALUE, name
    till.do(FnCommand.REGISTER, GOOD.build())


@pytest.mark.parametrize(("name", "ffd", "changes"), [row for row in WRONG if row[1] != FFD_1_05])
def test_a3_answers_09(name: str, ffd: int, changes: dict[str, Any]) -> None:
    till = FullTill(ffd=ffd)
    till.begin_fully()
    wrong = till.full_registration(**changes)
    assert till.refused(FnCommand.REGISTER_FULLY, wrong.build()) == FnCode.BAD_VALUE, name
    till.do(FnCommand.REGISTER_FULLY, till.full_registration().build())


@pytest.mark.parametrize(
    "right",
    [
        {"work_mode": WorkMode.SERVICES, "extended_mode": ExtendedMode.GAMBLING},
        {"work_mode": WorkMode.WHOLESALE | WorkMode.CATERING},
        {"extended_mode": ExtendedMode.MARKED_GOODS | ExtendedMode.EXCISE},
        {"work_mode": WorkMode.AUTONOMOUS, "ofd_inn": ""},
        {"tax_systems": 63},
        {"inn": "500100732259"},
    ],
)
def test_what_goes_together_is_registered(right: dict[str, Any]) -> None:
    assert broken(FFD_1_2, right) == []


@pytest.mark.parametrize("reasons", [0, 1, 1 << 7 | 1])
def test_a_re_registration_gives_a_reason_that_is_not_the_fns_own(reasons: int) -> None:
    till = FullTill()
    till.register_fully()
    wrong = {"reasons": reasons}
    assert broken(FFD_1_2, wrong, Stage.RE_REGISTERING) == ["a reason is given, and not the FN's own"]
    assert broken(FFD_1_2, {"reasons": 1 << 31}, Stage.RE_REGISTERING) == []


def registering(model: str, *more: bytes, **settings: Any) -> Till:
    """A first registration under FFD 1.05 up to its 03h."""
    till = Till(load_model(model), **settings)
    till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA + b"".join(more))
    return till


@pytest.mark.parametrize(
    ("model", "code"),
    [("fn-1-13", FnCode.OK), ("fn-1-1-15", FnCode.BAD_VALUE), ("fn-1-1m-15", FnCode.BAD_VALUE)],
)
@pytest.mark.parametrize(("tag", "mode"), [(T.EXCISE, WorkMode.SERVICES), (T.GAMBLING, WorkMode.NONE)])
def test_flags_told_as_requisites_are_judged_by_the_later_generations(
    model: str, code: FnCode, tag: T, mode: WorkMode
) -> None:
    till = registering(model, encode(tag, 1))
    assert till.ask(FnCommand.REGISTER, till.registration(mode))[0] == code
    till = registering(model, encode(tag, 0))
    till.do(FnCommand.REGISTER, till.registration(mode))


def test_that_flags_are_judged_is_a_setting() -> None:
    till = registering("fn-1-1-15", encode(T.GAMBLING, 1), registration_flags_checked=False)
    till.do(FnCommand.REGISTER, till.registration())


@pytest.mark.parametrize(
    ("serial", "number", "code"),
    [
        (RIGHT_SERIAL, REGISTRATION_NUMBER, FnCode.OK),
        (RIGHT_SERIAL, "0000000005008571", FnCode.BAD_VALUE),
        ("000000000003", REGISTRATION_NUMBER, FnCode.BAD_VALUE),
    ],
)
def test_check_digits_tie_the_registration_number_to_the_till(serial: str, number: str, code: FnCode) -> None:
    data = REGISTRATION_DATA.replace(encode(1013, "00307900000001"), encode(1013, serial))
    for check, expected in (("digits", code), ("format", FnCode.OK)):
        till = Till(registration_number_check=check)
        till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
        till.do(FnCommand.ADD_DATA, data)
        request = replace(GOOD, registration_number=number).build()
        assert till.ask(FnCommand.REGISTER, request)[0] == expected


@pytest.mark.parametrize(("inn", "code"), [(INN, FnCode.OK), ("7702203277", FnCode.BAD_VALUE)])
def test_check_digits_of_the_inn_are_judged_by_setting(inn: str, code: FnCode) -> None:
    for is_checked, expected in ((True, code), (False, FnCode.OK)):
        till = registering("fn-1-1-15", inn_digits_checked=is_checked)
        assert till.ask(FnCommand.REGISTER, replace(GOOD, inn=inn).build())[0] == expected


def test_encryption_is_registered_if_the_setting_lets_it() -> None:
    till = registering("fn-1-1-15", encryption_refused=False)
    both = till.registration(WorkMode.ENCRYPTION | WorkMode.AUTONOMOUS)
    assert till.refused(FnCommand.REGISTER, both) == FnCode.BAD_VALUE
    till.do(FnCommand.REGISTER, till.registration(WorkMode.ENCRYPTION))


def test_every_rule_has_a_name_and_a_source_and_is_broken_here() -> None:
    assert all(rule.name and rule.source for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    elsewhere = {
        "its check digits are the owner's and the till's",
        "the INN has right check digits",
        "INN and registration number stay those of the first report",
        "an autonomous KKT encrypts nothing",
        "a reason is given, and not the FN's own",
    }
    assert {name for name, _, _ in WRONG} | elsewhere == {rule.name for rule in RULES}
