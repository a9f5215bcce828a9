"""Named settings of the till: every place where sources conflict or are silent, with our choice and its reason.

A setting is a field; its metadata say what it decides, where the default comes from and how sure we are.
`kktsim settings` prints them.
"""

from dataclasses import dataclass, field
from typing import Any, Literal


def setting(
    default: Any,
    about: str,
    source: str,
    confidence: Literal["high", "medium", "low"],
    *,
    is_wire_code: bool = False,
) -> Any:
    """A named setting. ``source``: public words, or «guess». ``is_wire_code``: a code of a refusal."""
    told = {"about": about, "source": source, "confidence": confidence, "is_wire_code": is_wire_code}
    return field(default=default, metadata=told)


@dataclass(frozen=True, slots=True)
class KktSettings:
    """«Настройки модели ККТ» that are not in the till's own tables."""

    result_delivery: Literal["async", "direct"] = setting(
        "async",
        "v3: answer Add with A2 and send the result as A6/A7, or answer it directly with A3/A4",
        "real Evotor log: A2, then A6; ATOL's driver accepts both, a Java client only the first",
        "high",
    )
    waiting_task_state: Literal["pending", "in-progress"] = setting(
        "pending",
        "v3: Add of a command that must wait for the printer or for another port is answered A1, or A2",
        "real Evotor log: A1; kiosk software takes A1 for a failure",
        "high",
    )
    enq_while_busy: Literal["wait", "nak"] = setting(
        "wait",
        "v2: ENQ while a command of this host is executed is answered ACK once that is done, or NAK at once",
        "ATOL protocol 3.1, lower level v2: NAK says «busy»; one observed driver never recovers from it",
        "medium",
    )
    link_choice: Literal["by-host", "by-table"] = setting(
        "by-host",
        "which lower level a serial port speaks until table 2 field 85 is written and the till restarted: whichever"
        " the host speaks, or the one of the field's default (v3); afterwards always the one that was written",
        "ATOL protocol 3.1: table 2 field 85; that a till listens for both is for the user's convenience",
        "low",
    )
    z_printing_seconds: float = setting(
        0.6,
        "how long state 3.2 is shown while a Z report prints, before state 7.1, in seconds of host time",
        "ATOL protocol 3.1; ATOL's driver 10.8 accepts it; drivers poll every 0.5 s; the length itself is a guess",
        "medium",
    )
    z_report_seconds: float = setting(
        0.6,
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
        "92h, 49h and 4Fh with a closed shift open the shift first; else they are answered 8Fh",
        "ATOL protocol 3.1; comments in kiosk software: only one old model needs 9Ah by hand",
        "medium",
    )
    fn_begin_at: Literal["92h", "4Ah"] = setting(
        "92h",
        "which command begins the receipt's document in the FN; begun at 4Ah it does not end when the FN is pulled out",
        "guess: article fn_210 has the FN pulled out in mid-receipt, and what the till answers is not told",
        "low",
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
    registration_number_check: Literal["check_sum", "digits"] = setting(
        "check_sum",
        "A6h refuses a registration number (tag 1037) whose last six digits do not fit number, INN and the till's"
        " serial number, or only one that has not 16 digits; the answer is A6h",
        "FNS order ЕД-7-20/662@, appendix 2, paragraph 16; that the till checks it, error byte A6h by its text",
        "medium",
    )
    registration_requisites_in: Literal["any mode", "mode 6"] = setting(
        "any mode",
        "E8h of registration requisites is done in whatever mode the till is, or answered 66h outside mode 6",
        "ATOL's driver 10.8 writes them in the mode the till happens to be in; article err_1057 enters mode 6 first",
        "medium",
    )
    tax_system_checked_at: Literal["4Ah", "92h"] = setting(
        "4Ah",
        "which command of a receipt is answered EEh, register 37h tells 0103h, when no tax system is told or chosen",
        "article unknown_error_default_sno: «при продаже»; clients tell tag 1055 behind 92h, so 4Ah is the first that"
        " knows it",
        "low",
    )
    agents_checked_at: Literal["4Ah", "EBh", "nowhere"] = setting(
        "4Ah",
        "which command of a receipt is answered EEh, register 37h tells 0205h, when the till is not registered for such"
        " an agent; checked nowhere, an FN that looks into receipts refuses 4Ah with F5h (245)",
        "article agent_receipt_annulled: the receipt is printed, then annulled",
        "low",
    )
    correction_items: Literal["one", "many"] = setting(
        "one",
        "a second item in a correction receipt is answered EEh, register 37h tells 0101h; or it is added to the sums",
        "ATOL protocol 3.1, register 37h, text of 0101h; later formats have items in corrections",
        "medium",
    )
    correction_requisites: Literal["all", "base"] = setting(
        "all",
        "what 4Ah of a correction needs: tags 1173 and 1174 with 1178 and 1179 in it, or 1174 with 1179 alone",
        "FNS order ЕД-7-20/662@ has only the latter mandatory; that tills of this age want all of them is a guess",
        "medium",
    )
    reports_fn_error_on_paper: bool = setting(
        True,
        "a command that makes a document and fails on an FN code prints «Ошибка ФН NNN»",
        "articles fn_210, err_3978, err_3979",
        "medium",
    )
    largest_receipt_discount_kopecks: int = setting(
        99,
        "most that 43h may take off a receipt, or add to it, in kopecks; more is answered 10h",
        "ATOL's driver 10.8 refuses a rouble or more by the same text itself; shops report -3863 for coupons",
        "medium",
    )
    old_item_opens_receipt: bool = setting(
        True,
        "52h and 57h without an open receipt open one of a sale or of its return, instead of 9Ah",
        "guess: clients of the protocol before the FN that send no 92h",
        "low",
    )
    receipt_buffer_bytes: int = setting(
        28_672,
        "most that the items of a receipt may take in the document; more is answered 3Fh",
        "guess: what leaves room for the other requisites in the 30 KB that an FN takes",
        "low",
    )
    reboot_seconds: float = setting(
        3.0,
        "how long the ports are dead after CEh 41h, in seconds of host time",
        "kiosk software sleeps 20 s and then asks for 20 s more; the length itself is a guess",
        "low",
    )
    service_print_in: Literal["any mode", "selection mode"] = setting(
        "any mode",
        "82h is done in whatever mode the till is, or answered 66h outside selection mode",
        "articles fn_211 and ofd_diag_channel_dto have it typed after a sale that failed, with nothing before it; a"
        " Java client leaves the mode first",
        "medium",
    )
    test_run_seconds: float = setting(
        2.0,
        "how long state 7.2 is shown after 82 01 03 00, in seconds of host time",
        "ATOL protocol 3.1 names the state; the length is a guess",
        "low",
    )
    zeroing_seconds: float = setting(
        5.0,
        "how long the ports are dead after 6Bh, until the till has restarted, in seconds of host time",
        "drivers wait up to 10 s for 6Bh; articles err_3825 and err_3905 let 15 s pass",
        "medium",
    )
    registration_mode_asks_fn: bool = setting(
        True,
        "56h into mode 1 is answered 1Eh when the FN has another last document or shift than the till knows",
        "article err_3933 («вход в режим заблокирован»); a real Evotor takes as long as for a question to the FN",
        "medium",
    )
    mirror_mismatch: Literal["mode-1", "state-7.14"] = setting(
        "mode-1",
        "a till whose FN is elsewhere only answers 56h into mode 1 and 92h with 1Eh, or shows state 7.14 as well",
        "article err_3933: only entering the mode is refused; ATOL protocol 3.1 has a state «ошибка ФН» for it",
        "low",
    )
    reports_adopt_fn: bool = setting(
        True,
        "5Ah and 67h 09h of a till whose FN is elsewhere make their document and take over the FN's numbers, or are"
        " answered 1Eh as well",
        "article err_3933: they are the first steps of its cure, «если это не помогло» follows",
        "medium",
    )
    absent_since_power_up: int = setting(
        0xD4,
        "wire code of a command that makes a document when no FN has answered since the till was switched on; an FN"
        " that falls silent later is always D2h",
        "article fn_212: a cable is one of its causes; that the moment decides is a guess",
        "low",
        is_wire_code=True,
    )
    requisites_from_fn: bool = setting(
        True,
        "after 6Bh, or when they are lost, the registration requisites are read from the FN's last report; or the next"
        " registration needs them all again",
        "article err_1057: what the FN's report lacks is gone afterwards",
        "medium",
    )
    lost_clock_answer: int = setting(
        0x15,
        "wire code of whatever but date and time, and 6Bh, while the till has no clock (states 7.5 and 7.6)",
        "ATOL protocol 3.1: the text of 15h; that of 66h fits as well, and article err_minus16 has the clock set",
        "medium",
        is_wire_code=True,
    )
    general_reset_required_in_7_9: bool = setting(
        True,
        "in states 7.9 and 7.10 6Bh is answered B0h until 77h was done",
        "article err_minus16 names a general reset before it; the byte by its text",
        "low",
    )
    interrupted_report_locks: bool = setting(
        False,
        "with a Z report whose print was cut off, 56h into other modes than 3 is answered 1Ah until EEh prints it",
        "guess: the text of 1Ah; before the FN the report itself was unfinished then, now it is in the FN already",
        "low",
    )
    zeroing_min_build: int = setting(
        4544,
        "builds of the main firmware from this one on do 6Bh without the boot jumper",
        "article err_minus16: with a build below 4544 only a service centre can do it",
        "medium",
    )
    zeroing_without_jumper_answer: int = setting(
        0x66,
        "wire code of 6Bh and 77h that need the boot jumper when it is not set",
        "guess: the till is not in the state for it",
        "low",
        is_wire_code=True,
    )
    zeroing_with_open_shift: Literal["accept", "refuse"] = setting(
        "accept",
        "6Bh with an open shift is done, or answered 9Ch",
        "article err_3825: it is the cure when no mode opens, so the shift cannot be closed before",
        "medium",
    )
    zeroing_clears_clock: bool = setting(
        True,
        "6Bh loses date and time: the till comes up in state 7.5",
        "article err_minus16: date and time may be lost",
        "medium",
    )
    zeroing_resets_ofd: bool = setting(
        True,
        "6Bh resets the OFD's address and channel in table 19",
        "articles err_minus16, err_3933: the OFD settings are to be entered again",
        "medium",
    )
    zeroing_keeps_codes: bool = setting(
        True,
        "6Bh keeps the protection codes",
        "no article enters codes after it",
        "medium",
    )
    zeroing_clears_non_nullable: bool = setting(
        True,
        "6Bh clears the non-nullable sums as well",
        "guess: Evotor's firmware has a command that restores them",
        "low",
    )
    general_reset_without_jumper: Literal["accept", "refuse"] = setting(
        "accept",
        "77h without the boot jumper is done, or answered as 6Bh would be",
        "article err_minus16 has the user do it from the menu; ATOL protocol 3.1 asks for the jumper",
        "medium",
    )
    initialization_resets_passwords: bool = setting(
        True,
        "71h resets the passwords and names of table 3 with the other tables",
        "guess: table 3 is a table of settings like the others",
        "low",
    )
    table_text_page: Literal["internal", "external"] = setting(
        "internal",
        "46h tells printed texts in the printer's own code page, or in the one that 50h takes (CP866)",
        "ATOL's driver 10.8 and kiosk software write names in one and read them in the other",
        "medium",
    )
    same_passwords: Literal["refuse", "accept"] = setting(
        "refuse",
        "50h that gives an operator another one's password is answered A4h",
        "guess: «Недопустимый пароль»; a mode tells its operator by the password alone",
        "low",
    )
    cashier_modes: Literal["registration", "reports"] = setting(
        "reports",
        "which modes open by a cashier's password: 1, or 1 to 3",
        "guess: drivers use the system administrator's; tills before the FN let cashiers into reports by a setting",
        "low",
    )
    wrong_access_password: int = setting(
        0x8C,
        "wire code for a wrong 2-byte access password",
        "guess: the code of a wrong mode password",
        "medium",
        is_wire_code=True,
    )
