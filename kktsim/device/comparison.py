"""«Сверка с ФН»: what till and FN believe of each other, at power-up, at a re-plug and before each document.

The till's memory is one witness, the FN the other. `OUTCOMES` is the table of what can come of hearing both; the first
row that holds is done. Between these moments each command that makes a document compares once more (`compare`), so
nothing is made by two that differ.

A document whose commit was not answered is booked as soon as the FN says that it has made it; one that the FN has not
made leaves nothing. Only an intent that was given up (59h after silence) can leave the FN a document ahead.

Sources: ATOL protocol 3.1, states 7.9, 7.10 and 7.14 and register 34h; articles err_3933, err_minus16, fn_210, fn_212
and counters_zeroed_fd_restored; wire codes 30 and 225 by their texts. The order of the rows is a guess.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kktsim.device import booking, documents, fn_questions, printing, restoring
from kktsim.device.booking.receipt import annul
from kktsim.device.documents import Made
from kktsim.device.kkt import Kkt, to_world
from kktsim.device.refusal import Refusal
from kktsim.device.state import Intent, Latch
from protocol.atol.kkt_codes import E
from protocol.fn.answers import FnStatus
from protocol.fn.commands import Phase
from protocol.fn.layouts import LayoutError


@dataclass(frozen=True, slots=True)
class Hearing:
    """What there is to compare. ``status``: None when the FN is silent, or answers nonsense."""

    status: FnStatus | None
    at: float
    is_power_up: bool

    @property
    def told(self) -> FnStatus:
        """What the FN has answered."""
        assert self.status is not None
        return self.status


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: when it holds, and what is done."""

    name: str
    holds: Callable[[Kkt, Hearing], bool]
    act: Callable[[Kkt, Hearing], None]


# ---- power-up and re-plug


def at_power_up(kkt: Kkt, at: float) -> Outcome:
    """The power is back: compare, then drop the receipt that was open; which row of `OUTCOMES` it was."""
    outcome = _compare(kkt, at, is_power_up=True)
    memory = kkt.memory
    receipt = memory.receipt
    if receipt is not None:
        kkt.fn.give_up(at)
        if memory.closing is None:
            annul(kkt, receipt)
        memory.receipt = None
    return outcome


def at_plug(kkt: Kkt, at: float) -> Outcome:
    """An FN was put in while the till is on; which row of `OUTCOMES` it was."""
    return _compare(kkt, at, is_power_up=False)


def _compare(kkt: Kkt, at: float, *, is_power_up: bool) -> Outcome:
    try:
        status: FnStatus | None = fn_questions.ask(kkt, at)
    except (Refusal, LayoutError):
        status = None
    kkt.volatile.fn_was_absent = status is None and is_power_up
    kkt.memory.bad_regions &= restoring.TAKEN_FROM_FN
    hearing = Hearing(status, at, is_power_up)
    for outcome in OUTCOMES:
        if outcome.holds(kkt, hearing):
            try:
                outcome.act(kkt, hearing)
            except (Refusal, LayoutError):  # the FN fell silent over it: the next comparison begins anew
                return UNANSWERED
            return outcome
    raise AssertionError("the last row always holds")


def _needs_fn(kkt: Kkt) -> bool:
    """Whether something of the till's memory is to be taken from the FN."""
    return kkt.memory.mirror_is_lost or not kkt.memory.bad_regions.isdisjoint(restoring.TAKEN_FROM_FN)


def pending(kkt: Kkt, status: FnStatus) -> Intent | None:
    """The intent whose outcome this FN can tell."""
    return next((one for one in documents.intents(kkt) if one.fn_number == status.number), None)


def _is_lost(kkt: Kkt, hearing: Hearing) -> bool:
    can_tell = hearing.status is not None and hearing.status.phase is not Phase.READY
    is_own = kkt.memory.mirror_is_lost or (can_tell and hearing.told.number == kkt.memory.mirror.fn_number)
    return _needs_fn(kkt) and not (can_tell and is_own)


def _is_silent(kkt: Kkt, hearing: Hearing) -> bool:
    return hearing.status is None


def _has_intent(kkt: Kkt, hearing: Hearing) -> bool:
    return pending(kkt, hearing.told) is not None


def _is_another(kkt: Kkt, hearing: Hearing) -> bool:
    return hearing.told.number != kkt.memory.mirror.fn_number


def _differs(kkt: Kkt, hearing: Hearing) -> bool:
    return not is_in_step(kkt, hearing.told)


def _learn(kkt: Kkt, hearing: Hearing) -> None:
    """What was made is not printed when the power comes back: EEh, «допечатать», prints it from the FN's archive (a
    guess; ATOL's driver sends EEh when the till says that a document is not printed)."""
    if hearing.is_power_up:
        _learn_in_silence(kkt, hearing)
    else:
        settle(kkt, hearing.told, hearing.at)
    is_another = _is_another(kkt, hearing)
    kkt.volatile.latch = None
    if not is_another and _differs(kkt, hearing):
        _lock(kkt, hearing)


def _learn_in_silence(kkt: Kkt, hearing: Hearing) -> None:
    with printing.elsewhere(kkt) as paper:
        was_made = settle(kkt, hearing.told, hearing.at)
    if not was_made:
        for line in paper.lines():
            kkt.paper.reprint(line)
    elif paper.lines():
        kkt.memory.unprinted_report = kkt.memory.mirror.document_number


def _lock(kkt: Kkt, hearing: Hearing) -> None:
    kkt.volatile.latch = _last_of_fn(kkt, hearing.told, hearing.at)


def _stay_lost(kkt: Kkt, hearing: Hearing) -> None:
    """States 7.9 and 7.10. Memory that 6Bh has emptied is no damage: that till is as one that was never registered."""
    if hearing.status is not None and not kkt.memory.bad_regions:
        kkt.memory.mirror_is_lost = False


def _restore(kkt: Kkt, hearing: Hearing) -> None:
    if _has_intent(kkt, hearing):
        _learn(kkt, hearing)
    restoring.take_from_fn(kkt, hearing.told, hearing.at)


def _unlock(kkt: Kkt, hearing: Hearing) -> None:
    kkt.volatile.latch = None


def _do_nothing(kkt: Kkt, hearing: Hearing) -> None:
    """The commands will say what is wrong."""


NOT_RESTORABLE = Outcome("nothing to restore from", _is_lost, _stay_lost)
UNANSWERED = Outcome("the FN is silent", _is_silent, _do_nothing)
RESTORED = Outcome("restored from the FN", lambda kkt, hearing: _needs_fn(kkt), _restore)
LEARNT = Outcome("an intent was pending", _has_intent, _learn)
ANOTHER_FN = Outcome("another FN", _is_another, _unlock)
LATCHED = Outcome("the FN is elsewhere", _differs, _lock)
IN_STEP = Outcome("the two agree", lambda kkt, hearing: True, _unlock)

OUTCOMES: tuple[Outcome, ...] = (NOT_RESTORABLE, UNANSWERED, RESTORED, LEARNT, ANOTHER_FN, LATCHED, IN_STEP)
"""What can come of a comparison: the first row that holds. Which codes another FN is answered with tells `compare`."""


# ---- before a document


def ask(kkt: Kkt, at: float) -> FnStatus:
    """The FN's state before a document is begun; an FN that was not there at power-up is not missed only now."""
    try:
        status = fn_questions.ask_status(kkt, at)
    except Refusal as refusal:
        if refusal.code is E.FN_NO_ANSWER and kkt.volatile.fn_was_absent:
            raise Refusal(E(kkt.settings.absent_since_power_up)) from None
        raise
    kkt.volatile.fn_was_absent = False
    return status


def compare(kkt: Kkt, at: float, *, adopts: bool = False) -> FnStatus:
    """Refuse when the FN is not the one, or not in the state, that the till remembers; the FN's state.

    A fresh FN: D4h; another one: E1h. The same FN with another last document: 1Eh, unless the document ``adopts`` the
    FN's numbers. A document that was made unheard is booked first.
    """
    status = ask(kkt, at)
    settle(kkt, status, at)
    if status.phase == Phase.READY:
        raise Refusal(E.FN_WRONG_STATE)
    if status.number != kkt.memory.mirror.fn_number:
        raise Refusal(E.FN_FOREIGN)
    if not adopts:
        require_step(kkt, status, at)
    return status


def settle(kkt: Kkt, status: FnStatus, at: float) -> bool:
    """Learn what became of the document of a pending intent; True: the FN has made it, and it is booked now.

    Raises `Refusal` when the FN falls silent over it: the intent stays.
    """
    intent = pending(kkt, status)
    if intent is None:
        return False
    made = _made(kkt, intent, status, at) if status.last_document >= intent.number else None
    if made is not None:
        booking.complete(kkt, intent, made)
        return True
    closing = kkt.memory.closing
    documents.give_intent_up(kkt, intent)
    if closing is not None and kkt.memory.closing is None and kkt.memory.receipt is None:
        annul(kkt, closing.receipt)
    return False


def _made(kkt: Kkt, intent: Intent, status: FnStatus, at: float) -> Made | None:
    """What the FN has made at the place of the intent; None: another document.

    A record that cannot be read is taken for the one that was meant when the FN made nothing since, and told the time
    of the intent (a guess).
    """
    found = fn_questions.find(kkt, intent.number, at)
    if found is not None:
        return booking.made_of(found) if booking.is_meant(intent, found) else None
    last = None if status.last_document_at is None else to_world(status.last_document_at)
    if (status.last_document, last) != (intent.number, intent.world):
        return None
    return Made(intent.number, 0, intent.world, shift=fn_questions.shift_parameters(kkt, at).shift)


def is_in_step(kkt: Kkt, status: FnStatus) -> bool:
    """Whether the till's own FN has the last document and the shift that the till remembers."""
    mirror = kkt.memory.mirror
    same_shift = status.phase != Phase.FISCAL or status.shift_is_open is mirror.shift_is_open
    return status.last_document == mirror.document_number and same_shift


def require_step(kkt: Kkt, status: FnStatus, at: float) -> None:
    """Refuse with 1Eh when the till's own FN is elsewhere."""
    if is_in_step(kkt, status):
        kkt.volatile.latch = None
        return
    kkt.volatile.latch = _last_of_fn(kkt, status, at)
    raise Refusal(E.MODE_LOCKED)


def require_agreement(kkt: Kkt, at: float) -> None:
    """Refuse with 1Eh: what 56h into mode 1 wants. An FN that is silent, or another one, is complained of later."""
    if kkt.settings.registration_mode_asks_fn:
        try:
            status = fn_questions.ask(kkt, at)
            settle(kkt, status, at)
        except (Refusal, LayoutError):
            return
        if status.number == kkt.memory.mirror.fn_number:
            require_step(kkt, status, at)
    elif kkt.volatile.latch is not None:
        raise Refusal(E.MODE_LOCKED)


def _last_of_fn(kkt: Kkt, status: FnStatus, at: float) -> Latch:
    """What register 34h tells of an FN that is elsewhere; a sign that the FN does not tell is 0."""
    world = 0.0 if status.last_document_at is None else to_world(status.last_document_at)
    try:
        found = fn_questions.find(kkt, status.last_document, at)
    except (Refusal, LayoutError):
        found = None
    return Latch(status.last_document, world, 0 if found is None else found.sign)
