"""Named settings about bytes: frames, requisites, messages of the OFD and records of the archive."""

from dataclasses import dataclass
from typing import Literal

from fn_model.setting import BOTH, Confidence, setting
from protocol.fn.commands import FnCode


@dataclass(frozen=True)
class DataSettings:
    """Settings about frames and requisites; defaults are those of FN-1.1."""

    bad_crc_answer: Literal["01", "03", "silence", "execute"] = setting(
        "01",
        about="Answer to a frame with a wrong check sum or length; «execute» looks at the length alone.",
        source="guess: the text of code 01h in FNS, «Описание интерфейса ФН» 1.2 fits best; public emulators differ",
        confidence=Confidence.MEDIUM,
        choices=("01", "03", "silence", "execute"),
    )
    set_transport_ignores_rest: bool = setting(
        True,
        about="21h takes up to four bytes and looks at the first.",
        source="a public client that works with real FNs sends four",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    second_reading_restarts: bool = setting(
        True,
        about="22h begins anew while a message is being read; False: it is refused with 02h.",
        source="guess; one till vendor has an error of its own for a reading that has already begun",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    refusing_confirmation_confirms: bool = setting(
        True,
        about="A confirmation with an error code of the OFD (1022) takes the document out of the queue like any other.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 26h: the code is returned with answer 00h",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    ofd_sign: Literal["stand-in", "any"] = setting(
        "stand-in",
        about="The signs (1078, ФПП) of a confirmation must be our stand-ins; or any, or none, as of others' OFDs.",
        source="why: an FN refuses a wrong sign (26h, reason 1), and nobody but us can make our stand-ins",
        confidence=Confidence.HIGH,
        choices=("stand-in", "any"),
    )
    confirmation_header_checked: bool = setting(
        True,
        about="The numbers in the header of a confirmation's container must be 1041 and 1040; False: 1041, 1040 alone.",
        source="guess; a published test OFD writes the document number into that header as text",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    confirmation_sets_flags: bool = setting(
        True,
        about="1022 and 1206 of the last confirmation set the warning flags 10h, 20h and 40h. FN-1 has no such flags.",
        source="a public client of the FN: the flags are passed in the confirmation; how they end is a guess",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    data_required: bool = setting(
        True,
        about="03h, 05h, 12h and 16h are refused (02h) before at least one 07h.",
        source="FNS, «Описание интерфейса ФН» 1.2: «data not transferred» among the causes of 02h",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    composition_checked: bool = setting(
        True,
        about="The requisites of 07h are checked one by one (0Bh-0Eh, 18h, 19h). FN-1 only adds up their lengths.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 07h; code lists of the later generations",
        confidence=Confidence.HIGH,
        choices=BOTH,
    )
    unknown_tags_pass: bool = setting(
        True,
        about="07h takes requisites that no format knows; False: they are refused with 0Bh.",
        source="guess: later editions of a format add requisites that FNs in use do not know",
        confidence=Confidence.LOW,
        choices=BOTH,
    )
    contradictions_checked: Literal["excise", "all"] = setting(
        "excise",
        about="What 19h watches besides the tax system: excise goods alone, or agents, games and marked goods as well.",
        source="a till vendor's notes: the code was first one of excise goods, its use was widened later (FN-1.1M)",
        confidence=Confidence.MEDIUM,
        choices=("excise", "all"),
    )
    broken_tlv_code: int = setting(
        FnCode.BAD_FORMAT,
        about="Code of 07h whose lengths do not add up to whole requisites.",
        source="guess: no source tells it",
        confidence=Confidence.LOW,
        choices=(FnCode.BAD_FORMAT, FnCode.BAD_VALUE, FnCode.BAD_REQUISITE),
    )
    kind_check_36_months: bool = setting(
        True,
        about="An FN for 36 months refuses (09h) items of kinds 1 and 2 (tag 1212) under the general tax system.",
        source="vendor's support article on code 231; field reports of tills that began to send 1212; FN-1: no",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
    settlement_record_has_time: bool = setting(
        True,
        about="40h tells the oldest unsent document of a settlement report with date and time; False: the date alone.",
        source="FNS, «Описание интерфейса ФН» 1.2 has five bytes in 40h and three in 19h",
        confidence=Confidence.MEDIUM,
        choices=BOTH,
    )
