"""«1057: не задан реквизит»: wire EEh, register 37h tells 0206h of tag 1057. Article err_1057.

A registration needs tag 1057, the agent flags, and the till does not have it: not even zero. The article writes it as
zero, which is right for everybody but an agent, and says nothing of the registration that is to be repeated.
"""

from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.kkt_codes import E
from protocol.ffd import numbers
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from scenarios import routine
from scenarios.agent_receipt_annulled import AGENT, SUPPLIER_INN
from scenarios.at_terminal import (
    CARD,
    CLOSE_SHIFT,
    REGISTER,
    SET_UP,
    TRADES,
    UNKNOWN_ERROR,
    menu_item,
    raw_command,
    sells,
    terminal_restarts,
    till_is_switched_off_and_on,
)
from scenarios.ofd_cases import HOST, PORT
from scenarios.playbook import Alternative, Scenario, Step, Variant, Verdict, Weight, hand, sends
from scenarios.zeroing_cases import OFD_FORGOTTEN, ZERO

OLD_FIRMWARE = "evotor-st2f@ffd10"
SYSTEM = "УСН доход"
GOODS = "Пополнение телефона"
SERIAL_NUMBER = "00307400000011"
NOT_SET = "1057: не задан реквизит"
_REGISTRATION = menu_item(REGISTER, None, SYSTEM, shows=NOT_SET, title="register the till again")
_REGISTRATION_PASSES = menu_item(REGISTER, None, SYSTEM, title="repeat the registration")
_TAG_LOST = hand("alter_memory", "requisites", "1057", None, title="the till's memory loses tag 1057")
_SET_UP = menu_item(SET_UP, HOST, PORT)
_LEAVE, _MODE_6 = raw_command("48"), raw_command("56 06 00 00 00 30")
_NO_AGENT = raw_command("E8 00 01 00 21 04 01 00 00")
_OWN_VALUE = raw_command("E8 00 01 00 21 04 01 00 04")
_AS_PRINTED = (
    _LEAVE.weighs(Weight.NEEDED),
    _MODE_6.weighs(Weight.SUPERFLUOUS),
    _NO_AGENT.weighs(Weight.NEEDED),
)
_ONLY_IN_MODE_6 = Variant(
    "a till that takes the requisites of its registration in mode 6 alone",
    kkt_settings={"registration_requisites_in": "mode 6"},
    weights={_MODE_6.title: Weight.NEEDED},
)
_PROOF = (_REGISTRATION_PASSES, *TRADES)
_MODE_IS_LEFT = Alternative(
    "after switching the till off and on the first 48 is not needed",
    (till_is_switched_off_and_on(), _MODE_6, _NO_AGENT),
    cures=True,
)
_ALONE = Alternative("E8 alone: the registration that failed has left the till in mode 6", (_NO_AGENT,), cures=True)
_BY_FORM = Alternative(
    "typing «нет» as the agent flag into the form of the registration",
    (menu_item(REGISTER, "нет", title="register, and say that there is no agent"),),
    cures=True,
)
_ZEROED = (
    ZERO,
    terminal_restarts("restart the terminal: its driver sets the clock that the zeroing has lost"),
    OFD_FORGOTTEN,
)


def _registered_without_1057() -> Step:
    """What a program of FFD 1.0 times sends: every requisite but 1057, and the registration."""
    number = numbers.registration_number(routine.REGISTRATION, routine.INN, SERIAL_NUMBER).encode("ascii")
    return sends(*_written(number), "A6", "48", title="the till is registered by a program that knows no tag 1057")


def _written(number: bytes) -> tuple[str, ...]:
    requisites = (*routine.REQUISITES, (T.REGISTRATION_NUMBER, number))
    told = (WriteRequisite(data=tlv(tag, value)) for tag, value in requisites if tag != T.AGENT)
    return ("48", "56 06 00 00 00 30", *(one.to_wire().hex(" ").upper() for one in told))


TAG_LOST = Scenario(
    id="err_1057",
    article="err_1057",
    case="inferred_tag_absent",
    title="1057: не задан реквизит: реквизит потерян",
    preset="registered",
    error=E.EXTENDED,
    screens=(NOT_SET,),
    reproduce=(_TAG_LOST, _REGISTRATION),
    fix=_AS_PRINTED,
    prove=_PROOF,
    alternatives=(
        _MODE_IS_LEFT,
        _ALONE,
        _BY_FORM,
        Alternative("the till sells as before: nothing but a registration asks for it", TRADES, cures=False),
        Alternative("zeroing: the tag comes back from the FN, and much else is lost", _ZEROED, cures=True),
    ),
    variants=(_ONLY_IN_MODE_6,),
    documented="the error, the three commands",
    inferred="the cause, and that the registration is to be repeated: the article does not say so",
)

OLD_REGISTRATION = Scenario(
    id="err_1057_old_registration",
    article="err_1057",
    case="inferred_tag_absent",
    title="1057: не задан реквизит: касса зарегистрирована во времена ФФД 1.0",
    preset="factory",
    models=(OLD_FIRMWARE,),
    error=E.EXTENDED,
    screens=(NOT_SET,),
    reproduce=(
        _registered_without_1057(),
        _SET_UP,
        hand("flash", "usual", title="years later the till gets new firmware"),
        *TRADES,
        _REGISTRATION,
    ),
    fix=_AS_PRINTED,
    prove=_PROOF,
    alternatives=(
        _MODE_IS_LEFT,
        _BY_FORM,
        Alternative(
            "zeroing: the FN's report has no such tag either",
            _ZEROED,
            cures=False,
        ),
        Alternative(
            "the commands, then a zeroing before the registration: the tag is lost again",
            (*_AS_PRINTED, *_ZEROED),
            cures=False,
        ),
    ),
    documented="the error, the three commands",
    inferred="that firmware of FFD 1.0 times registered without the tag, and newer firmware asks for it",
)

FIRST_REGISTRATION = Scenario(
    id="err_1057_first_registration",
    article="err_1057",
    case="inferred_tag_absent",
    title="1057: не задан реквизит: первая регистрация",
    preset="factory",
    models=("evotor-st2f",),
    error=E.EXTENDED,
    screens=(NOT_SET,),
    reproduce=(
        sends(
            *_written(numbers.registration_number(routine.REGISTRATION, routine.INN, SERIAL_NUMBER).encode("ascii")),
            "48",
            title="a program writes every requisite but 1057",
        ),
        _SET_UP,
        _REGISTRATION,
    ),
    fix=_AS_PRINTED,
    prove=_PROOF,
    alternatives=(_ALONE, _BY_FORM),
    documented="the error, the three commands",
    inferred="that a program did not write the tag",
)

AGENTS_TILL = Scenario(
    id="err_1057_agent",
    article="err_1057",
    case="inferred_tag_absent",
    title="1057: не задан реквизит: касса платёжного агента",
    preset="registered",
    error=E.EXTENDED,
    screens=(NOT_SET,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(
        menu_item(REGISTER, AGENT, title="the till is registered as a payment agent"),
        menu_item(
            CARD, GOODS, None, None, "Услуга", AGENT, SUPPLIER_INN, title="a goods card says that an agent sells"
        ),
        sells(GOODS, title="sell as an agent"),
        menu_item(CLOSE_SHIFT),
        _TAG_LOST,
        _REGISTRATION,
    ),
    fix=(
        _LEAVE.weighs(Weight.NEEDED),
        _MODE_6.weighs(Weight.SUPERFLUOUS),
        _NO_AGENT.weighs(Weight.SUPERFLUOUS),
        _OWN_VALUE.undocumented("zero says that there is no agent: every sale of one would be annulled").weighs(
            Weight.NEEDED
        ),
    ),
    prove=(_REGISTRATION_PASSES, sells(GOODS, title="sell as an agent"), menu_item(CLOSE_SHIFT)),
    alternatives=(
        Alternative(
            "as printed: the registration passes, and the agent's receipts are annulled",
            (
                _LEAVE,
                _MODE_6,
                _NO_AGENT,
                _REGISTRATION_PASSES,
                sells(GOODS, shows=UNKNOWN_ERROR, title="sell as an agent"),
                menu_item(CLOSE_SHIFT),
            ),
            cures=False,
        ),
        Alternative(
            "the agent flag typed into the form of the registration",
            (menu_item(REGISTER, AGENT, title="register, and say which agent"),),
            cures=True,
        ),
    ),
    documented="the error, the three commands",
    inferred="that an agent loses the flag by them, with the next registration",
)

FAMILY = (TAG_LOST, OLD_REGISTRATION, FIRST_REGISTRATION, AGENTS_TILL)
