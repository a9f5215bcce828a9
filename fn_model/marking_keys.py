"""Chapter «Обновление ключей проверки КМ»: D0h, D1h and D7h.

D0h makes a request for the key service, D1h brings its answer; the FN that is not yet served whole asks for more (30h).
Sources: public clients of FN-1.2: D0h has a date-time, the codes of D1h and the data behind 23h (code, length, text),
the steps of D7h. The messages themselves are stand-ins (``protocol.fn.marking``), keys are not in them: what counts is
the day they came.
"""

from fn_model import sign
from fn_model.command import ANYTHING, DATE_TIME, Command, date_time
from fn_model.marking_access import for_marked_goods, keys_age_days
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from protocol.fn.commands import FnCode, FnCommand, OfdRefusal
from protocol.fn.marking import KeyAnswer, KeyRequest
from protocol.fn.marking_codes import KeyAnswerKind

KEY_SERVER = b"tcp://localhost:31101"
"""What D7h tells: a stand-in, so that no till asks a real service for a test FN's keys."""
NEED_DAYS = (15, 61)
"""Days since the last update from which D7h says «needed», and «badly needed»."""


def build_key_request(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сформировать запрос на обновление ключей проверки», D0h."""
    at = date_time(data)
    state = fn.state.copy()
    state.marking = state.marking.with_request()
    number = state.marking.requests
    fn.commit(state)
    fn.tell(at)
    fn.volatile.marking = fn.volatile.marking._replace(keys_asked=number, keys_asked_on=at.date())
    return KeyRequest(fn.number, at, number).build()


def put_key_answer(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать ответ на запрос обновления ключей проверки», D1h: 02h without D0h, then 24h, 20h, 23h, 30h."""
    session = fn.volatile.marking
    if not session.keys_asked:
        raise FnRefusal(FnCode.WRONG_STATE)
    try:
        answer = KeyAnswer.parse(data)
    except ValueError:
        raise FnRefusal(FnCode.KEY_SERVICE_UNKNOWN_ANSWER) from None
    if answer.number != session.keys_asked:
        raise FnRefusal(FnCode.OFD_REFUSED, bytes((OfdRefusal.DOCUMENT_NUMBER,)))
    if answer.kind is KeyAnswerKind.REFUSED:
        raise FnRefusal(FnCode.KEY_SERVICE_REFUSED, answer.rest)
    if answer.rest != sign.keys_sign(fn.number, answer.number):
        raise FnRefusal(FnCode.OFD_REFUSED, bytes((OfdRefusal.SIGN,)))
    if answer.kind is KeyAnswerKind.REPEAT:
        raise FnRefusal(FnCode.KEY_UPDATE_REPEAT)
    state = fn.state.copy()
    state.marking = state.marking._replace(keys_on=session.keys_asked_on)
    fn.commit(state)
    fn.volatile.marking = session._replace(keys_asked=0, keys_asked_on=None)
    return b""


def key_service(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос сервера обновления ключей проверки», D7h: 0 tells whether an update is needed, 1 the address."""
    if data[0] > 1:
        raise FnRefusal(FnCode.BAD_FORMAT)
    if data[0]:
        return KEY_SERVER
    age = keys_age_days(fn)
    return bytes((sum(age >= days for days in NEED_DAYS),))


COMMANDS = {
    FnCommand.BUILD_KEY_REQUEST: Command(for_marked_goods(build_key_request), DATE_TIME),
    FnCommand.PUT_KEY_ANSWER: Command(for_marked_goods(put_key_answer), ANYTHING),
    FnCommand.KEY_SERVICE: Command(for_marked_goods(key_service), (1,)),
}
