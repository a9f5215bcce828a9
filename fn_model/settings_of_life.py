"""Named settings about the life of an FN: its phases, its registration and what fills it up."""

from dataclasses import dataclass
from typing import Literal

from fn_model.setting import BOTH, Confidence, setting
from protocol.fn.commands import FnCode


@dataclass(frozen=True)
class LifeSettings:
    """Settings about phases, registration and resources; defaults are those of FN-1.1."""

    archive_read_phase_answer: int = setting(
        FnCode.BAD_FORMAT,
        about="Code of the commands that do not exist in phase 15. FN-1: 02h.",
        source="guess: the only reading of a vendor's support article on 211",
        confidence=Confidence.LOW,
        choices=(FnCode.BAD_FORMAT, FnCode.WRONG_STATE),
    )
    shift_parameters_after_closing: bool = setting(
        True,
        about="10h is answered in phases 7 and 15. FN-1: only in phase 3.",
        source="change notes of a service program that reads closed FNs; FNS, «Описание интерфейса ФН» 1.2, table 6",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    exchange_status_always: bool = setting(
        True,
        about="20h is answered before the registration and after the archive was closed. FN-1: only in phases 3 and 7.",
        source="articles fn_211 and fn_212 ask by it whether an FN can be heard at all; FN-1: FNS, «Описание интерфейса"
        " ФН» 1.2, table 6",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    term_after_closing: bool = setting(
        True,
        about="32h is answered in phase 15. FN-1: it is not.",
        source="change notes of a service program that gave 32h up for closed FNs; for FN-1.1 a guess",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    term_before_registration: Literal["zeros", "02"] = setting(
        "zeros",
        about="Answer to 32h before the registration: the date 00 00 00, or code 02h.",
        source="guess: the interface description gives no value",
        confidence=Confidence.LOW,
        choices=("zeros", "02"),
    )
    unsent_archive_close_code: int = setting(
        FnCode.OK,
        about="Code of 04h while documents wait for their confirmation; 00h: it begins, only the KKT looks.",
        source="FNS order ЕД-7-20/662@, appendix 2, paragraph 40 puts it on the KKT; KKTs have codes of their own",
        confidence=Confidence.MEDIUM,
        choices=(FnCode.OK, FnCode.WRONG_STATE, FnCode.STORAGE_EXHAUSTED),
    )
    settlement_in_open_shift: bool = setting(
        True,
        about="18h is done in an open shift as well. FN-1 answers 02h.",
        source="FNS order ЕД-7-20/662@, appendix 2, table 19: the report has a shift number when a shift is open",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    archive_full_code: int = setting(
        FnCode.STORAGE_EXHAUSTED,
        about="Code when the archive holds all the documents it can. FN-1: 06h.",
        source="a till vendor's notes on FN-1.1: 14h with warning bit 2; that 12h may stand for it is a guess",
        confidence=Confidence.MEDIUM,
        choices=(FnCode.STORAGE_EXHAUSTED, FnCode.RESOURCE_EXHAUSTED, FnCode.ARCHIVE_FULL),
    )
    archive_full_blocks_receipt: bool = setting(
        True,
        about="A full archive stops receipts of an open shift. FN-1: only the next shift and the settlement report.",
        source="FNS, «Описание интерфейса ФН» 1.2: 06h is a code of 12h and 19h, not of 16h; for FN-1.1 a guess",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    registrations_over_code: int = setting(
        FnCode.RESOURCE_EXHAUSTED,
        about="Code of 02h when no re-registration is left.",
        source="guess",
        confidence=Confidence.LOW,
        choices=(FnCode.RESOURCE_EXHAUSTED, FnCode.WRONG_STATE, FnCode.BAD_VALUE),
    )
    critical_flag_is_sticky: bool = setting(
        True,
        about="Once the FN has failed its critical flag stays set, mended or not; only 60h clears it.",
        source="public clients of the FN: the flag goes with code 03h and stays; that mending leaves it is a guess",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    encryption_refused: bool = setting(
        True,
        about="A registration with encryption (1056 = 1) is refused with 09h; False: it is made, and sends plain text.",
        source="guess: the encryption of messages to the OFD is not public",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    registration_number_check: Literal["format", "digits"] = setting(
        "format",
        about="What 03h and A3h look at in a registration number: 16 digits, or its six check digits too.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 03h: a check sum, if there is one; the serial comes as 1013",
        confidence=Confidence.LOW,
        choices=("format", "digits"),
    )
    registration_flags_checked: bool = setting(
        True,
        about="Registrations whose flags contradict each other or the FN model are refused with 09h. FN-1: they pass.",
        source="a service program's list of registrations that are not accepted; that the FN refuses is an inference",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    inn_digits_checked: bool = setting(
        False,
        about="Registrations whose INN has wrong check digits are refused with 09h.",
        source="guess: no source tells that an FN looks at them",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    ffd_change_needs_settlement: bool = setting(
        True,
        about="A re-registration under another FFD is begun only right behind a settlement report with nothing unsent.",
        source="FNS order ЕД-7-20/662@, appendix 2, paragraph 19; the code, 02h, is a guess",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
