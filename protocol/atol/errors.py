"""The catalogue of the till's errors: one table gives a byte its names, texts and the codes that drivers make of it.

The table is ``protocol/data/kkt_errors.toml``; it is read on first use, so that importing this costs nothing. The
members of `kkt_codes.E` and `kkt_codes.X` are generated from the same table. A *detail* is what follows a byte: the
code in register 55 after EEh, the third byte of the reply after F6h.

Two wordings of one error live side by side: ``text_ru`` is the manual's, ``screen_text`` the driver's, which is what
the user reads on the screen («Чек открыт – операция невозможна» and «Чек открыт - операция невозможна»).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

EXTENDED = 0xEE
"""The byte whose detail is in register 55."""


@dataclass(frozen=True, slots=True)
class ErrorText:
    """«Код ошибки ККТ»: a byte of the wire, or a byte with its detail, and all that is known about it."""

    wire_code: int
    detail: int | None
    identifier: str
    """Member of ``E``, or of ``X`` for a detail of EEh."""
    text_ru: str
    """As the manual of the till words it."""
    text_en: str
    screen_text: str
    """As the driver words it for the screen; ``text_ru`` when it has no code for the error."""
    driver_code: int | None
    """Code of ATOL's driver 8: -3802; None: it has none."""
    libfptr10: int | None
    """Code of ATOL's driver 10."""
    fn_codes: tuple[int, ...]
    """FN answer codes that end in this byte."""
    when: str
    """What brings it about and what ends it; empty if that is not known."""
    no_path: str
    """Why this emulator never answers it; empty if it does."""


@dataclass(frozen=True, slots=True)
class DriverText:
    """«Код ошибки драйвера»: a code of ATOL's driver 8 and its text. ``text_en``: only codes that no byte has."""

    code: int
    text_ru: str
    text_en: str


@dataclass(frozen=True, slots=True)
class LibraryText:
    """«Код ошибки libfptr10»: a code of ATOL's driver 10, its constant and text (empty if none was published)."""

    code: int
    name: str
    text_ru: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tables, each by its number; ``details`` by (byte, detail)."""

    wire: Mapping[int, ErrorText]
    details: Mapping[tuple[int, int], ErrorText]
    driver: Mapping[int, DriverText]
    libfptr10: Mapping[int, LibraryText]

    def every(self) -> Iterator[ErrorText]:
        """Bytes first, then their details."""
        yield from self.wire.values()
        yield from self.details.values()


@cache
def catalogue() -> Catalogue:
    """The tables, read once."""
    import tomllib  # noqa: PLC0415 - a till that refuses nothing never needs the texts
    from importlib.resources import files  # noqa: PLC0415 - the same

    data = tomllib.loads(files("protocol").joinpath("data", "kkt_errors.toml").read_text(encoding="utf-8"))
    driver = {code: DriverText(code, row["ru"], row.get("en", "")) for code, row in _by_number(data["driver"], base=10)}
    when = dict(_by_number(data["when"], base=16))
    no_path = {identifier: one["because"] for one in data["no_path"] for identifier in one["ids"]}
    wire = {
        code: _error(code, None, {"when": when.get(code, ""), **row}, driver, no_path)
        for code, row in _by_number(data["wire"], base=16)
    }
    details = {
        (code, detail): _error(code, detail, row, driver, no_path)
        for code, rows in _by_number(data["detail"], base=16)
        for detail, row in _by_number(rows, base=16)
    }
    libfptr10 = {
        code: LibraryText(code, row["name"], row.get("ru", "")) for code, row in _by_number(data["libfptr10"], base=10)
    }
    return Catalogue(wire, details, driver, libfptr10)


def _by_number(rows: Mapping[str, Any], base: int) -> Iterator[tuple[int, Any]]:
    return ((int(key, base), row) for key, row in rows.items())


def _error(
    wire_code: int,
    detail: int | None,
    row: Mapping[str, Any],
    driver: Mapping[int, DriverText],
    no_path: Mapping[str, str],
) -> ErrorText:
    code = row.get("driver")
    return ErrorText(
        wire_code=wire_code,
        detail=detail,
        identifier=row["id"],
        text_ru=row["ru"],
        text_en=row["en"],
        screen_text=row["ru"] if code is None else driver[code].text_ru,
        driver_code=code,
        libfptr10=row.get("fptr10"),
        fn_codes=tuple(row.get("fn", ())),
        when=row.get("when", ""),
        no_path=no_path.get(row["id"], ""),
    )


def describe(wire_code: int, detail: int | None = None) -> ErrorText:
    """What the byte means, with its detail if that is known; a byte without documents is «Неизвестная ошибка»."""
    known = catalogue()
    found = known.details.get((wire_code, detail)) if detail is not None else None
    return found or known.wire.get(wire_code) or _undocumented(wire_code, detail)


def _undocumented(wire_code: int, detail: int | None) -> ErrorText:
    row = {"id": f"UNKNOWN_{wire_code:02X}", "ru": "Неизвестная ошибка", "en": "Unknown error"}
    return _error(wire_code, detail, row, {}, {})


def driver_line(wire_code: int, detail: int | None = None) -> str:
    """The line on the screen: ``(-3802) Чек открыт - операция невозможна``; success is ``(0) Нет ошибок``."""
    error = describe(wire_code, detail)
    if error.driver_code is None:
        return f"(byte {wire_code}, no driver code) {error.screen_text}"
    return f"({error.driver_code}) {error.screen_text}"
