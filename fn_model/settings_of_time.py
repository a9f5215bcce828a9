"""Named settings about time: the end of the term, the 30 days without the OFD, the length of a shift, the timer."""

from dataclasses import dataclass
from typing import Literal

from fn_model.setting import BOTH, Confidence, setting
from protocol.fn.commands import FnCode


@dataclass(frozen=True)
class TimeSettings:
    """Settings about time; defaults are those of FN-1.1."""

    expiry_blocks_opening: bool = setting(
        True,
        about="After the end of the term no shift is opened.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 12h; field reports on FN-1.1",
        confidence=Confidence.HIGH,
        choices=BOTH,
    )
    expiry_blocks_receipt: bool = setting(
        True,
        about="After the end of the term no receipt is made, in an open shift either.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 16h; field reports on FN-1.1",
        confidence=Confidence.HIGH,
        choices=BOTH,
    )
    expiry_blocks_shift_close: bool = setting(
        True,
        about="After the end of the term the shift is not closed. FN-1 closes it.",
        source="field reports on FN-1.1; FN-1 by FNS, «Описание интерфейса ФН» 1.2, command 14h",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    expiry_blocks_archive_close: bool = setting(
        True,
        about="After the end of the term the archive is closed only with a date inside the term. FN-1 closes it.",
        source="vendor's support article on code 12h: the clock is set back before the archive is closed",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    expiry_blocks_settlement: bool = setting(
        True,
        about="After the end of the term no report on the state of settlements is made.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 19h lists 05h and 12h; that FN-1.1 does the same is a guess",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    expired_date_code: int = setting(
        FnCode.RESOURCE_EXHAUSTED,
        about="Code of a shift report or settlement report dated after the end of the term. FN-1: 05h.",
        source="vendor's support article: 234 = 12h at the shift close; FN-1 lists 05h before 12h",
        confidence=Confidence.MEDIUM,
        choices=(FnCode.RESOURCE_EXHAUSTED, FnCode.TERM_OVER),
    )
    expired_receipt_code: int = setting(
        FnCode.RESOURCE_EXHAUSTED,
        about="Code of a receipt dated after the end of the term.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 16h lists 12h and not 05h; vendor's support article: 234",
        confidence=Confidence.MEDIUM,
        choices=(FnCode.RESOURCE_EXHAUSTED, FnCode.TERM_OVER),
    )
    expired_archive_close_code: int = setting(
        FnCode.TERM_OVER,
        about="Code of an archive close dated after the end of the term.",
        source="guess: a till vendor's notes read 05h of FN-1.1 as «give other parameters», here an earlier date",
        confidence=Confidence.LOW,
        choices=(FnCode.TERM_OVER, FnCode.RESOURCE_EXHAUSTED),
    )
    expiry_judged_at: Literal["begin", "commit"] = setting(
        "commit",
        about="The end of the term is judged when a document is formed, or as soon as it is begun.",
        source="FNS, «Описание интерфейса ФН» 1.2: 05h and 12h are codes of the forming commands",
        confidence=Confidence.MEDIUM,
        choices=("begin", "commit"),
    )
    last_day_works: bool = setting(
        True,
        about="Documents are still made on the day that 32h names as the end of the term.",
        source="guess",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    unsent_code: int = setting(
        FnCode.STORAGE_EXHAUSTED,
        about="Code when a document has been unsent for more than 30 days. FN-1: 15h.",
        source="a till vendor's notes on FN-1.1 answer codes; field reports of 14h at the shift close",
        confidence=Confidence.HIGH,
        choices=(FnCode.STORAGE_EXHAUSTED, FnCode.SEND_WAIT_EXCEEDED),
    )
    unsent_judged_at: Literal["begin", "commit"] = setting(
        "commit",
        about="The 30 days are judged when a document is formed, or when it is begun and then not again. FN-1: begun.",
        source="FNS, «Описание интерфейса ФН» 1.2: 15h is a code of 11h, 13h, 15h, 17h, 14h of the forming commands",
        confidence=Confidence.MEDIUM,
        choices=("begin", "commit"),
    )
    unsent_blocks_shift_close: bool = setting(
        True,
        about="The 30 days stop the close of a shift too.",
        source="FNS, «Описание интерфейса ФН» 1.2, commands 13h and 14h; field reports of 14h at the shift close",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    unsent_blocks_re_registration: bool = setting(
        True,
        about="The 30 days stop a re-registration too. FN-1: they do not.",
        source="a field report of 14h at the re-registration of a test FN",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    unsent_counted_from: Literal["document", "confirmation"] = setting(
        "document",
        about="The 30 days run from the oldest unsent document, or from the confirmation before it, if there is one.",
        source="FNS, «Описание интерфейса ФН» 1.2, code 15h; the law counts from the last confirmation",
        confidence=Confidence.MEDIUM,
        choices=("document", "confirmation"),
    )
    shift_too_long_code: int = setting(
        FnCode.SHIFT_TOO_LONG,
        about="Code of a receipt begun more than 24 hours after the shift was opened.",
        source="FNS, «Описание интерфейса ФН» 1.2: 15h and 17h list both 16h and 07h",
        confidence=Confidence.MEDIUM,
        choices=(FnCode.SHIFT_TOO_LONG, FnCode.BAD_DATE),
    )
    shift_too_long_commit_code: int = setting(
        FnCode.BAD_DATE,
        about="Code of a receipt begun in time and formed more than 24 hours after the shift was opened.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 16h lists 07h",
        confidence=Confidence.MEDIUM,
        choices=(FnCode.BAD_DATE, FnCode.SHIFT_TOO_LONG),
    )
    time_step_one_sided: bool = setting(
        True,
        about="17h only when the dates run ahead of the FN's timer; False: when they lag behind it as well (FN-1).",
        source="a till vendor's notes on FN-1.1 answer codes",
        confidence=Confidence.HIGH,
        choices=BOTH,
    )
    timer_survives_power_off: bool = setting(
        False,
        about="The FN's timer runs on without power; False: the first document after power-on is not checked by it.",
        source="guess: the interface description gives the FN a timer and no battery",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
