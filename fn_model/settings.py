"""Named settings of an FN: where sources disagree or are silent, a default is chosen here, and said why.

Every field carries what it decides, where the default comes from, how sure that is and which values it may have. A
model (``models/*.toml``) overrides defaults; so does whoever makes an FN: ``dataclasses.replace(model, settings=...)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Literal, TypeVar

from protocol.fn.commands import FnCode

Value = TypeVar("Value")


class Confidence(StrEnum):
    """How sure a default is."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


_BOTH = (True, False)


def setting(
    default: Value, *, about: str, source: str, confidence: Confidence, choices: tuple[Value, ...] = ()
) -> Value:
    """One field of the settings. ``choices``: empty means any value of the type."""
    description = {"about": about, "source": source, "confidence": confidence, "choices": choices}
    described: Value = field(default=default, metadata=description)
    return described


@dataclass(frozen=True, slots=True)
class FnSettings:
    """The settings of one FN; defaults are those of FN-1.1."""

    bad_crc_answer: Literal["01", "03", "silence"] = setting(
        "01",
        about="Answer to a frame with a wrong check sum or length.",
        source="guess: the text of code 01h in FNS, «Описание интерфейса ФН» 1.2 fits best",
        confidence=Confidence.MEDIUM,
        choices=("01", "03", "silence"),
    )
    expiry_blocks_opening: bool = setting(
        True,
        about="After the end of the term no shift is opened.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 12h; field reports on FN-1.1",
        confidence=Confidence.HIGH,
        choices=_BOTH,
    )
    expiry_blocks_receipt: bool = setting(
        True,
        about="After the end of the term no receipt is made, in an open shift either.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 16h; field reports on FN-1.1",
        confidence=Confidence.HIGH,
        choices=_BOTH,
    )
    expiry_blocks_shift_close: bool = setting(
        True,
        about="After the end of the term the shift is not closed.",
        source="field reports on FN-1.1; FN-1 by the interface description closes it",
        confidence=Confidence.MEDIUM,
        choices=_BOTH,
    )
    expiry_blocks_archive_close: bool = setting(
        True,
        about="After the end of the term the archive is closed only with a date inside the term.",
        source="vendor's support article on code 12h: the clock is set back before the archive is closed",
        confidence=Confidence.LOW,
        choices=_BOTH,
    )
    expiry_blocks_settlement: bool = setting(
        True,
        about="After the end of the term no report on the state of settlements is made.",
        source="FNS, «Описание интерфейса ФН» 1.2, command 19h lists 05h and 12h; that FN-1.1 does the same is a guess",
        confidence=Confidence.LOW,
        choices=_BOTH,
    )
    settlement_in_open_shift: bool = setting(
        True,
        about="18h is done in an open shift as well. FN-1 answers 02h.",
        source="FNS order ЕД-7-20/662@, appendix 2, table 19: the report has a shift number when a shift is open",
        confidence=Confidence.MEDIUM,
        choices=_BOTH,
    )
    expired_date_code: int = setting(
        FnCode.RESOURCE_EXHAUSTED,
        about="Code of a document dated after the end of the term.",
        source="vendor's support article: 234 = 12h at a sale and at the shift close",
        confidence=Confidence.MEDIUM,
        choices=(FnCode.RESOURCE_EXHAUSTED, FnCode.TERM_OVER),
    )
    last_day_works: bool = setting(
        True,
        about="Documents are still made on the day that 32h names as the end of the term.",
        source="guess",
        confidence=Confidence.LOW,
        choices=_BOTH,
    )
    fn11_limit_at: Literal["begin", "commit"] = setting(
        "commit",
        about="The term and the 30 days are judged when a document is begun, or when it is formed.",
        source="FNS, «Описание интерфейса ФН» 1.2: 14h is a code of the forming commands; field reports",
        confidence=Confidence.MEDIUM,
        choices=("begin", "commit"),
    )
    unsent_code: int = setting(
        FnCode.STORAGE_EXHAUSTED,
        about="Code when a document has been unsent for more than 30 days. FN-1: 15h.",
        source="a till vendor's notes on FN-1.1 answer codes; field reports of 14h at the shift close",
        confidence=Confidence.HIGH,
        choices=(FnCode.STORAGE_EXHAUSTED, FnCode.SEND_WAIT_EXCEEDED),
    )
    data_required: bool = setting(
        True,
        about="03h, 05h, 12h and 16h are refused (02h) before at least one 07h.",
        source="FNS, «Описание интерфейса ФН» 1.2: «data not transferred» among the causes of 02h",
        confidence=Confidence.MEDIUM,
        choices=_BOTH,
    )
    time_step_one_sided: bool = setting(
        True,
        about="17h only when the dates run ahead of the FN's timer; False: when they lag behind it as well (FN-1).",
        source="a till vendor's notes on FN-1.1 answer codes",
        confidence=Confidence.HIGH,
        choices=_BOTH,
    )
    archive_close_checks_queue: bool = setting(
        False,
        about="04h is refused (02h) while documents wait for their confirmation; otherwise only the KKT looks.",
        source="FNS order ЕД-7-20/662@, appendix 2, paragraph 40 puts it on the KKT; KKTs have codes of their own",
        confidence=Confidence.MEDIUM,
        choices=_BOTH,
    )
    archive_read_phase_answer: int = setting(
        FnCode.BAD_FORMAT,
        about="Code of the commands that do not exist in phase 15. FN-1: 02h.",
        source="guess: the only reading of a vendor's support article on 211",
        confidence=Confidence.LOW,
        choices=(FnCode.BAD_FORMAT, FnCode.WRONG_STATE),
    )

    @classmethod
    def from_mapping(cls, overrides: Mapping[str, Any]) -> "FnSettings":
        """Defaults with some values replaced; ValueError names a setting or a value that does not exist."""
        known = {one.name: one for one in fields(cls)}
        unknown = sorted(overrides.keys() - known.keys())
        if unknown:
            raise ValueError(f"no FN setting {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return cls(**{name: _chosen(name, value, known[name].metadata) for name, value in overrides.items()})


def _chosen(name: str, value: Any, metadata: Mapping[str, Any]) -> Any:
    for choice in metadata["choices"]:
        if choice == value and isinstance(choice, bool) == isinstance(value, bool):
            return choice
    choices = ", ".join(str(choice) for choice in metadata["choices"])
    raise ValueError(f"setting {name} cannot be {value!r}; choose one of {choices}")
