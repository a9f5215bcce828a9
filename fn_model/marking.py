"""Chapter «Работа с кодами маркировки»: B0h-B6h.

B1h gives a code to the FN, B5h and B6h ask the ОИСМ about it, B2h keeps or drops the result. The results last until
somebody clears them (B3h), a receipt is formed or a document cancelled, or the power goes.

Sources: public clients of FN-1.2 (layouts, which command follows which, the tags that they send). Guesses: which
commands the FN refuses for their order, and which tags it insists on. A stand-in: the check of a
code. A real FN verifies the check code (AI 92) with the key that AI 91 names; here any check code of base64 characters
is right, once keys have come by D1h.
"""

import string

from fn_model.command import ANYTHING, Command, arguments
from fn_model.faults import FnFault
from fn_model.marking_access import (
    KEYS_DAYS,
    fill,
    for_marked_goods,
    keys_age_days,
    need_room,
    percent_used,
    requisites,
)
from fn_model.marking_goods import allowed_in_receipt
from fn_model.marking_messages import answered, code_request
from fn_model.marking_state import MOST_CODES, CheckedCode
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from protocol.ffd.tags import T
from protocol.ffd.tlv import byte_tlv
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.marking import CodeCheck, CodeRequest, CodeToCheck, CodeVerdict, MarkingStatus
from protocol.fn.marking_codes import (
    CHECK_CODE_SIZES,
    Allowed,
    CheckFlag,
    CodeState,
    MarkingMessage,
    NotificationState,
    Unchecked,
)

KEY_NUMBER_SIZE = 4
"""Characters of AI 91."""
STATUS_IS_RIGHT = 1
"""Value of 2109: the status that the till plans suits the ОИСМ (a guess)."""
REQUEST_TAGS = (T.PLANNED_STATUS, T.CODE_MODE)
_BASE64 = frozenset((string.ascii_letters + string.digits + "+/=").encode())

ORDER: dict[CodeState, Allowed] = {
    CodeState.TABLE_FULL: Allowed.FORGET_CODES,
    CodeState.NONE: Allowed.CHECK_CODE | Allowed.FORGET_CODES,
    CodeState.GIVEN: Allowed.KEEP_CODE | Allowed.FORGET_CODES | Allowed.BUILD_CODE_REQUEST,
    CodeState.ASKED: Allowed.KEEP_CODE | Allowed.FORGET_CODES | Allowed.PUT_CODE_ANSWER,
    CodeState.ANSWERED: Allowed.KEEP_CODE | Allowed.FORGET_CODES,
}
"""What may follow what, B7h aside. Anything else is 33h."""


def status(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос статуса работы с кодами маркировки», B0h."""
    begun = fn.volatile.begun
    goods = 0 if begun is None else len(begun.marking.goods)
    state = NotificationState.BEGUN if goods else NotificationState.NONE
    return MarkingStatus(
        code_state=_code_state(fn),
        notification_state=NotificationState.BLOCKED if percent_used(fn) == 100 else state,
        allowed=_allowed(fn),
        kept_codes=len(fn.volatile.marking.kept),
        in_notification=min(goods, 0xFF),
        fill=fill(fn),
        unsent_notifications=len(fn.state.marking.queue),
    ).build()


def check_code(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать код маркировки для проверки», B1h: 34h, 36h, 35h and 33h are looked for in this order (a guess)."""
    need_room(fn)
    if keys_age_days(fn) > KEYS_DAYS:
        raise FnRefusal(FnCode.MARKING_KEYS_TOO_OLD)
    if _code_state(fn) is CodeState.TABLE_FULL:
        raise FnRefusal(FnCode.MARKING_TABLE_FULL)
    _need(fn, Allowed.CHECK_CODE)
    request = arguments(CodeToCheck.parse, data)
    check = checked(fn, request)
    told = check.result | (CheckFlag.AUTONOMOUS if fn.state.is_autonomous else CheckFlag.NONE)
    fn.volatile.marking = fn.volatile.marking._replace(code=CheckedCode(request.code, CodeState.GIVEN, told))
    return check.build()


def checked(fn: FiscalStorage, request: CodeToCheck) -> CodeCheck:
    """The FN's own check of a code, a stand-in."""
    reason = _unchecked(fn, request)
    if reason is not Unchecked.CHECKED:
        return CodeCheck(CheckFlag.NONE, reason)
    is_right = _BASE64.issuperset(_check_code(request))
    return CodeCheck(CheckFlag.CHECKED | (CheckFlag.POSITIVE if is_right else CheckFlag.NONE), reason)


def _unchecked(fn: FiscalStorage, request: CodeToCheck) -> Unchecked:
    size = CHECK_CODE_SIZES.get(request.type)
    if size is None:
        return Unchecked.NOT_BY_FN
    if fn.state.marking.keys_on is None:
        return Unchecked.NO_KEY
    key_number = request.code[request.key_offset or 0 :][:KEY_NUMBER_SIZE]
    if len(key_number) < KEY_NUMBER_SIZE or len(_check_code(request)) < size:
        return Unchecked.NO_CHECK_CODE
    return Unchecked.OTHER if FnFault.CRYPTO_FAILED in fn.faults else Unchecked.CHECKED


def _check_code(request: CodeToCheck) -> bytes:
    return request.code[request.check_offset or 0 :][: CHECK_CODE_SIZES[request.type]]


def keep_code(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сохранить результат проверки кода маркировки», B2h: 1 keeps and tells 2106, 0 drops and tells nothing."""
    if data[0] > 1:
        raise FnRefusal(FnCode.BAD_FORMAT)
    code, session = _code(fn, Allowed.KEEP_CODE), fn.volatile.marking
    if not data[0]:
        fn.volatile.marking = session._replace(code=None)
        return b""
    fn.volatile.marking = session._replace(code=None, kept=(*session.kept, code))
    return CodeVerdict(CheckFlag(code.result)).build()


def forget_codes(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Очистить результаты проверки кодов маркировки», B3h."""
    fn.volatile.marking = fn.volatile.marking.forgetting_codes()
    return b""


def build_code_request(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сформировать запрос о коде маркировки», B5h. An autonomous FN makes one too, and nobody is asked."""
    code = _code(fn, Allowed.BUILD_CODE_REQUEST)
    request = arguments(CodeRequest.parse, data)
    requisites(fn, request.data, REQUEST_TAGS)
    state = fn.state.copy()
    state.marking = state.marking.with_request()
    result = code.result & (CheckFlag.CHECKED | CheckFlag.POSITIVE)
    message = code_request(state, fn.number, request.at, code.code, result, request.data)
    fn.commit(state)
    fn.tell(request.at)
    asked = code._replace(state=CodeState.ASKED, request=state.marking.requests)
    fn.volatile.marking = fn.volatile.marking._replace(code=asked)
    return message


def put_code_answer(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать ответ на запрос о коде маркировки», B6h: tells 2106, 2105 and 2109."""
    code = _code(fn, Allowed.PUT_CODE_ANSWER)
    told = answered(data, MarkingMessage.CODE_ANSWER, fn.number, code.request)
    request_code, status_answer = told.number(T.REQUEST_CODE), told.number(T.STATUS_ANSWER)
    result = CheckFlag(code.result)
    if not request_code:
        result |= CheckFlag.ASKED
    if not request_code and status_answer == STATUS_IS_RIGHT:
        result |= CheckFlag.STATUS_RIGHT
    known = code._replace(state=CodeState.ANSWERED, result=result)
    fn.volatile.marking = fn.volatile.marking._replace(code=known)
    tlvs = byte_tlv(T.REQUEST_CODE, request_code) + byte_tlv(T.STATUS_ANSWER, status_answer)
    return CodeVerdict(result, tlvs).build()


def _code_state(fn: FiscalStorage) -> CodeState:
    session = fn.volatile.marking
    if session.code is not None:
        return session.code.state
    return CodeState.TABLE_FULL if len(session.kept) >= MOST_CODES else CodeState.NONE


def _allowed(fn: FiscalStorage) -> Allowed:
    allowed = ORDER[_code_state(fn)] | allowed_in_receipt(fn)
    is_blocked = percent_used(fn) == 100 or keys_age_days(fn) > KEYS_DAYS
    return allowed & ~Allowed.CHECK_CODE if is_blocked else allowed


def _need(fn: FiscalStorage, command: Allowed) -> None:
    if not command & ORDER[_code_state(fn)]:
        raise FnRefusal(FnCode.MARKING_ORDER)


def _code(fn: FiscalStorage, command: Allowed) -> CheckedCode:
    """The code under check, if ``command`` may follow."""
    code = fn.volatile.marking.code
    if code is None:
        raise FnRefusal(FnCode.MARKING_ORDER)
    _need(fn, command)
    return code


COMMANDS = {
    FnCommand.MARKING_STATUS: Command(for_marked_goods(status)),
    FnCommand.CHECK_CODE: Command(for_marked_goods(check_code), ANYTHING),
    FnCommand.KEEP_CODE: Command(for_marked_goods(keep_code), (1,)),
    FnCommand.FORGET_CODES: Command(for_marked_goods(forget_codes)),
    FnCommand.BUILD_CODE_REQUEST: Command(for_marked_goods(build_code_request), ANYTHING),
    FnCommand.PUT_CODE_ANSWER: Command(for_marked_goods(put_code_answer), ANYTHING),
}
