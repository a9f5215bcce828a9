"""Named settings of the till: every place where sources conflict or are silent, with our choice and its reason.

A setting is a field; its metadata say what it decides, where the default comes from and how sure we are.
`kktsim settings` prints them.
"""

from dataclasses import dataclass, field
from typing import Any, Literal


def setting(default: Any, about: str, source: str, confidence: Literal["high", "medium", "low"]) -> Any:
    """A named setting. ``source``: public words, or «guess»."""
    return field(default=default, metadata={"about": about, "source": source, "confidence": confidence})


@dataclass(frozen=True, slots=True)
class KktSettings:
    """«Настройки модели ККТ» that are not in the till's own tables."""

    result_delivery: Literal["async", "direct"] = setting(
        "async",
        "v3: answer Add with A2 and send the result as A6/A7, or answer it directly with A3/A4",
        "real Evotor log: A2, then A6; ATOL's driver accepts both, a Java client only the first",
        "high",
    )
    z_report_seconds: float = setting(
        0.7,
        "how long state 7.1 is shown after a Z report, in seconds of host time",
        "observed drivers poll every 0.5 s and must see it at least once; the length itself is a guess",
        "medium",
    )
    x_report_seconds: float = setting(
        0.7,
        "how long state 2.2 is shown after an X report, in seconds of host time",
        "observed drivers poll every 0.5 s; the length itself is a guess",
        "medium",
    )
    receipt_opens_shift: bool = setting(
        True,
        "92h with a closed shift opens the shift first",
        "comments in kiosk software: only one old model needs 9Ah by hand",
        "medium",
    )
    leave_with_open_receipt: Literal["refuse", "accept"] = setting(
        "refuse",
        "48h with an open receipt is answered 9Bh",
        "guess: drivers always cancel first",
        "low",
    )
    date_confirmation_days: int = setting(
        1,
        "64h and EDh that jump ahead by this many days or more are answered 16h and must be sent again",
        "a Java client's notes; real Evotor log for 64h",
        "medium",
    )
    clock_set_with_open_shift: Literal["refuse", "accept"] = setting(
        "refuse",
        "4Bh, 64h and EDh with an open shift are answered 9Ch",
        "ATOL protocol 3.1; article err_3978 (with an open shift the till cannot be helped)",
        "high",
    )
    archive_close_needs_empty_queue: bool = setting(
        True,
        "A7h with documents the OFD has not confirmed is answered EDh (237)",
        "article err_3978; FNS order on formats: the till must send everything first",
        "high",
    )
    reports_fn_error_on_paper: bool = setting(
        True,
        "a command that makes a document and fails on an FN code prints «Ошибка ФН NNN»",
        "articles fn_210, err_3978, err_3979",
        "medium",
    )
    ofd_retry_seconds: int = setting(
        30,
        "pause between attempts to reach the OFD, in seconds of world time",
        "ATOL protocol 3.1, table 19 field 13, default 30",
        "high",
    )
    wrong_access_password: int = setting(
        0x8C,
        "wire code for a wrong 2-byte access password",
        "guess: the code of a wrong mode password",
        "medium",
    )
