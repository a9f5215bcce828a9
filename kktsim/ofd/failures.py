"""What is wrong with the operator, or with the way to it: failures that somebody has planned, each with its end.

A plan is data: how often a failure strikes, from which document on, how probably, for which till. Chance comes from a
seed. The way to the operator and the operator have a plan each.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kktsim import chance

LATE_SECONDS = 120.0
"""How late a slow operator answers, unless told."""


class Failure(StrEnum):
    """«Отказ» of the way to the operator or of the operator; the values are the words that people type."""

    NO_INTERNET = "no_internet"
    BLOCKED = "blocked"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NAME = "dns"
    SILENCE = "silence"
    SLOW = "slow"
    SLOW_BYTES = "slow_bytes"
    CLOSE_BEFORE = "close_before"
    CLOSE_AFTER = "close_after"
    GARBAGE = "garbage"
    PARTIAL = "partial"
    HEADER_ONLY = "header_only"
    WRONG_FN = "wrong_fn"
    WRONG_NUMBER = "wrong_fd"
    WRONG_CRC = "wrong_crc"
    WRONG_SIGN = "wrong_sign"
    NOT_RECOGNISED = "answer_11"
    FORMAT_LOGIC = "answer_14"
    DUPLICATE = "duplicate"
    TWO_ANSWERS = "two_answers"
    TARIFF = "tariff"
    LOST_ACK = "lost_ack"

    @property
    def about(self) -> str:
        """What it does, for a person."""
        return _ABOUT[self]


_ABOUT: Mapping[Failure, str] = {
    Failure.NO_INTERNET: "нет Интернета / no Internet at all",
    Failure.BLOCKED: "пакеты к ОФД теряются / packets to the OFD are dropped: a call is not answered",
    Failure.REFUSED: "соединение отвергается / the connection is refused",
    Failure.UNREACHABLE: "узел недоступен / the host is unreachable",
    Failure.NAME: "имя не находится / the name is not found",
    Failure.SILENCE: "читает и молчит / reads, stores nothing and answers nothing",
    Failure.SLOW: "отвечает поздно / answers late",
    Failure.SLOW_BYTES: "отвечает по байту / answers byte by byte",
    Failure.CLOSE_BEFORE: "рвёт соединение, не читая / hangs up before it has read",
    Failure.CLOSE_AFTER: "читает и рвёт соединение / reads, stores nothing and hangs up",
    Failure.GARBAGE: "отвечает мусором / stores and answers random bytes",
    Failure.PARTIAL: "обрывает ответ / stores, sends the first half of the answer and hangs up",
    Failure.HEADER_ONLY: "отвечает без квитанции / stores and answers a header without a confirmation",
    Failure.WRONG_FN: "квитанция чужому ФН / stores and confirms to another FN",
    Failure.WRONG_NUMBER: "квитанция на другой ФД / stores and confirms another document",
    Failure.WRONG_CRC: "квитанция с неверной CRC / stores and confirms with a wrong check sum",
    Failure.WRONG_SIGN: "квитанция с неверным ФПП / stores and confirms with a wrong sign",
    Failure.NOT_RECOGNISED: "код ответа 11 / confirms as not recognised",
    Failure.FORMAT_LOGIC: "код ответа 14 / confirms as an error of format and logic",
    Failure.DUPLICATE: "квитанция на прежний ФД / stores and repeats the confirmation of the document before",
    Failure.TWO_ANSWERS: "отвечает дважды / stores and answers twice",
    Failure.TARIFF: "касса не оплачена / takes the call, then neither reads nor answers",
    Failure.LOST_ACK: "квитанция теряется / stores and hangs up without an answer",
}

NETWORK_FAILURES = frozenset((Failure.NO_INTERNET, Failure.BLOCKED, Failure.REFUSED, Failure.UNREACHABLE, Failure.NAME))
"""What may be wrong on the way."""
SERVER_FAILURES = frozenset(Failure) - NETWORK_FAILURES
"""What may be wrong with the operator."""


@dataclass(slots=True)
class Planned:
    """A failure with its scope; ValueError says what is wrong with that.

    ``times``: how often it strikes before it ends; None: until cleared. ``from_document``: only documents of this
    number and later ones. ``percent``: how probably it strikes where it may. ``fn_number``: only the till with this FN.
    ``seconds``: how late `Failure.SLOW` answers.
    """

    failure: Failure
    times: int | None = 1
    from_document: int | None = None
    percent: int = 100
    seed: int = 1
    fn_number: str | None = None
    seconds: float = LATE_SECONDS

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise ValueError(f"a failure strikes once or more often, not {self.times} times")
        if not 1 <= self.percent <= 100:
            raise ValueError(f"a probability is 1 to 100 percent, not {self.percent}")
        if self.from_document is not None and self.from_document < 1:
            raise ValueError(f"documents count from 1, there is no {self.from_document}")
        if not 0 <= self.seconds <= 86400:
            raise ValueError(f"an answer comes 0 to 86400 seconds late, not {self.seconds}")

    @property
    def is_scoped(self) -> bool:
        """Whether it must be known which document of which till is sent, before this may strike."""
        return self.from_document is not None or self.fn_number is not None

    def is_for(self, document: int | None, fn_number: str) -> bool:
        """Whether it may strike. ``document``: None for a message without one."""
        if self.fn_number is not None and self.fn_number != fn_number:
            return False
        return self.from_document is None or (document is not None and document >= self.from_document)

    def draw(self, below: int) -> int:
        """The next random number, 0 to ``below`` - 1."""
        self.seed, number = chance.draw(self.seed, below)
        return number


class FailurePlan:
    """The failures of one place, in the order in which they were planned: the first that strikes does."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: list[Planned] = []

    def copy(self) -> "FailurePlan":
        """An independent plan that goes on alike."""
        twin = FailurePlan()
        twin._entries = [replace(entry) for entry in self._entries]
        return twin

    def add(self, planned: Planned) -> None:
        """Plan one more."""
        self._entries.append(replace(planned))

    def clear(self, failure: Failure | None = None) -> None:
        """End every failure of a kind, or all."""
        self._entries = [entry for entry in self._entries if failure is not None and entry.failure is not failure]

    def entries(self) -> list[Planned]:
        """What is still to come, with what is left of it."""
        return [replace(entry) for entry in self._entries]

    def has(self, failure: Failure) -> bool:
        """Whether one of this kind is planned."""
        return any(entry.failure is failure for entry in self._entries)

    @property
    def is_steady(self) -> bool:
        """Whether what strikes now strikes again and again, until somebody clears it."""
        return all(
            entry.times is None and entry.percent == 100 and entry.from_document is None for entry in self._entries
        )

    def pick(self, kinds: Container[Failure], document: int | None, fn_number: str) -> Failure | None:
        """The failure that strikes now; once less is left of it. ``document``: None for a message without one."""
        planned = self.strike(kinds, document, fn_number)
        return None if planned is None else planned.failure

    def strike(
        self, kinds: Container[Failure], document: int | None, fn_number: str, *, only_scoped: bool = False
    ) -> Planned | None:
        """As `pick`, with the numbers that belong to the failure. ``only_scoped``: the others had their chance."""
        for entry in self._entries:
            if entry.failure not in kinds or (only_scoped and not entry.is_scoped):
                continue
            if not entry.is_for(document, fn_number) or (entry.percent < 100 and entry.draw(100) >= entry.percent):
                continue
            if entry.times is not None:
                entry.times -= 1
                if not entry.times:
                    self._entries.remove(entry)
            return entry
        return None
