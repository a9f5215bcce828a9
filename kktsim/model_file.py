"""Files that describe a model of till: TOML, checked fact by fact against `KktModel` and `KktSettings`.

    extends = "evotor-st2f"     # take what is not said here from this model
    build = 4500
    [settings]
    x_report_seconds = 2.0
    [firmware.4543]             # what differs with another firmware: facts, and tables like the ones above
    build = 4543

Every complaint is one sentence: file, line, what is wrong, what would be right.
"""

import difflib
import json
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, replace
from typing import Any, Literal, NoReturn, get_args, get_origin, get_type_hints

from kktsim.device.model import KktModel
from kktsim.device.settings import KktSettings
from protocol.atol import code_page
from protocol.atol.commands.registers import REGISTERS
from protocol.atol.kkt_codes import E

Facts = dict[str, Any]
"""Facts by name, converted; tables (``settings``, ``defaults``, ``register_widths``) as dicts."""
EXTENDS, SETTINGS, DEFAULTS, WIDTHS, FIRMWARE = "extends", "settings", "defaults", "register_widths", "firmware"
AT, USUAL = "@", "usual"
"""``NAME@FIRMWARE`` is a model with another firmware; the one it comes with is called usual."""
ADDED = frozenset(("missing_fields", "unsupported_commands"))
"""Facts of a firmware that come on top of what its till has; others stand in their place."""
OF_THE_BOARD = frozenset(
    ("title", "model", "serial_number", "unit_number", "characters", "pixels", "interface", "ofd_channels")
)
"""Facts that no firmware changes."""
_NOT_IN_FILES = frozenset(("name", "firmware", "firmwares", "tables"))
_SECTIONS = frozenset((SETTINGS, DEFAULTS, WIDTHS))
_LONGEST_SECONDS = 3600
_FIRST_REFUSAL = 2  # codes 0 and 1 tell that all is well
_FIRMWARE_NAME = re.compile("[0-9A-Za-z_-]+")
_BYTE_ORDER_MARK = "\ufeff"
_HINTS = get_type_hints(KktModel)
_FACTS: Mapping[str, Field[Any]] = {one.name: one for one in fields(KktModel) if one.name not in _NOT_IN_FILES}
_SETTINGS: Mapping[str, Field[Any]] = {one.name: one for one in fields(KktSettings)}
_SETTING_HINTS = get_type_hints(KktSettings)


class ModelFileError(ValueError):
    """A model file cannot be used; the message says where and why."""


class UnknownModelError(ValueError):
    """There is no model of that name; the message names those there are."""


def parse(text: str, file: str, facts_of: Callable[[str], Facts]) -> Facts:
    """The facts of a file, those of the model it extends among them; raises `ModelFileError`."""
    return _File(text, file).facts(facts_of)


def build(name: str, facts: Facts, file: str) -> KktModel:
    """The model of these facts, with all its firmware; raises `ModelFileError`: a fact is missing, or the settings
    tables do not fit.
    """
    for fact in _FACTS.values():
        if fact.name not in facts and fact.default is MISSING and fact.default_factory is MISSING:
            raise ModelFileError(
                f"{file}: `{fact.name}` is missing ({fact.metadata['about']}); write it, "
                'or `extends = "evotor-st2f"` to take what is not said from that model'
            )
    own = {key: value for key, value in facts.items() if key != FIRMWARE}
    family: dict[str, KktModel] = {}
    for firmware, differences in {"": {}, **facts.get(FIRMWARE, {})}.items():
        told = laid_over(own, differences, ADDED)
        told[SETTINGS] = replace(KktSettings(), **told.get(SETTINGS, {}))
        try:
            tables = KktModel.table_layout(told)
        except ValueError as error:
            raise ModelFileError(f"{file}: {error}") from None
        title = f"{name}{AT}{firmware}" if firmware else name
        family[firmware] = KktModel(name=title, firmware=firmware, firmwares=family, tables=tables, **told)
    return family[""]


def laid_over(facts: Facts, differences: Facts, added: frozenset[str] = frozenset()) -> Facts:
    """Facts with those that differ in their place; tables and what is ``added`` come on top of what is there."""
    found = dict(facts)
    for key, value in differences.items():
        if key in _SECTIONS:
            found[key] = {**found.get(key, {}), **value}
        elif key in added:
            found[key] = type(value)((*found.get(key, ()), *value))
        else:
            found[key] = value
    return found


class _File:
    """One file while it is checked."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = text.splitlines()
        if text.startswith(_BYTE_ORDER_MARK):
            raise ModelFileError(f"{name} begins with a byte order mark: save it as UTF-8 without BOM")
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ModelFileError(self._no_toml(str(error))) from None

    def facts(self, facts_of: Callable[[str], Facts]) -> Facts:
        found: Facts = {}
        if EXTENDS in self.data:
            base = self.data[EXTENDS]
            if not isinstance(base, str):
                self._fail("", EXTENDS, "wants the name of a model in quotes, as `kktsim models` lists them")
            try:
                found = dict(facts_of(base))
            except UnknownModelError as error:
                self._fail("", EXTENDS, f"names no model: {error}")
        told = {key: value for key, value in self.data.items() if key not in (EXTENDS, FIRMWARE)}
        found = laid_over(found, self._facts("", told))
        if FIRMWARE in self.data:
            found[FIRMWARE] = {**found.get(FIRMWARE, {}), **self._firmwares(self.data[FIRMWARE])}
        return found

    def _facts(self, inside: str, told: Mapping[str, object]) -> Facts:
        """The facts of a table, converted. ``inside``: its name, empty at the top of the file."""
        found: Facts = {}
        for key, value in told.items():
            if key not in _FACTS:
                self._unknown(inside, key, _FACTS if inside else (EXTENDS, FIRMWARE, *_FACTS))
            if key in _SECTIONS:
                found[key] = self._section(inside, key, value)
            else:
                found[key] = self._converted(inside, _FACTS[key], _HINTS[key], value)
        return found

    def _firmwares(self, told: object) -> dict[str, Facts]:
        if not isinstance(told, dict):
            self._fail("", FIRMWARE, f"is a table of tables: write [{FIRMWARE}.NAME] on a line of its own")
        found: dict[str, Facts] = {}
        for name, differences in told.items():
            inside = f"{FIRMWARE}.{name}"
            if not isinstance(differences, dict):
                self._fail(FIRMWARE, name, f"is a table: write [{inside}] on a line of its own")
            if name == USUAL:
                self._fail(FIRMWARE, name, "is what a till's own firmware is called: take another name")
            if _FIRMWARE_NAME.fullmatch(name) is None:
                self._fail(FIRMWARE, name, "is no name of a firmware: take letters, digits, - and _, as 4543")
            for fact in sorted(OF_THE_BOARD & differences.keys()):
                self._fail(inside, fact, "belongs to the till, whatever its firmware: write it above")
            found[name] = self._facts(inside, differences)
        return found

    def _section(self, inside: str, key: str, value: object) -> dict[Any, Any]:
        section = _join(inside, key)
        if not isinstance(value, dict):
            self._fail(inside, key, f"is a table: write [{section}] on a line of its own")
        if key == SETTINGS:
            return {one: self._setting(section, one, said) for one, said in value.items()}
        if key == WIDTHS:
            return dict(self._width(section, one, said) for one, said in value.items())
        for one, said in value.items():
            if isinstance(said, bool) or not isinstance(said, int | str):
                self._fail(section, one, "wants a number or a text")
        return value

    def _setting(self, section: str, key: str, value: object) -> object:
        if key not in _SETTINGS:
            self._unknown(section, key, _SETTINGS)
        return self._converted(section, _SETTINGS[key], _SETTING_HINTS[key], value)

    def _width(self, section: str, key: str, value: Any) -> tuple[int, int]:
        if not _is_byte(key):
            self._fail(section, key, 'is no register: two hexadecimal digits in quotes are, as "2B"')
        register = int(key, 16)
        if register not in REGISTERS:
            known = f"those from 01 to {max(REGISTERS):02X} are, but for reserved ones"
            self._fail(section, key, f"is no register: {known}")
        widths = [layout.sizeof() for layout in REGISTERS[register].layouts]
        if isinstance(value, bool) or value not in (0, *widths):
            known = " or ".join(str(one) for one in sorted(widths))
            self._fail(section, key, f"wants {known} bytes, or 0 for a till without this register, not {_toml(value)}")
        return register, int(value)

    def _converted(self, section: str, fact: Field[Any], hint: Any, value: object) -> object:
        try:
            return _convert(hint, value, fact.metadata)
        except ValueError as error:
            self._fail(section, fact.name, f"wants {error}, not {_toml(value)}")

    def _unknown(self, section: str, key: str, known: Iterable[str]) -> NoReturn:
        is_table_of_facts = section.rpartition(".")[2] not in _SECTIONS
        if is_table_of_facts and key in _SETTINGS:
            self._fail(section, key, f"is a setting: write it under [{_join(section, SETTINGS)}]")
        if not is_table_of_facts and key in _FACTS:
            self._fail(section, key, f"is no setting: write it above [{section}]")
        near = difflib.get_close_matches(key, list(known), 1)
        remedy = f"did you mean `{near[0]}`?" if near else "`kktsim models evotor-st2f` shows what there is"
        self._fail(section, key, f"is not known; {remedy}")

    def _fail(self, section: str, key: str, what: str) -> NoReturn:
        line = self._line(section, key)
        where = f"{self.name}, line {line}" if line else self.name
        raise ModelFileError(f"{where}: `{key}` {what}")

    def _no_toml(self, error: str) -> str:
        """What is wrong with text that is no TOML, by what the parser says."""
        place = re.search(r"\(at line (\d+), column", error)
        twice = re.match(r"Cannot (overwrite a value|declare .* twice)", error)
        if place is None or twice is None:
            return f"{self.name} is no TOML: {error}; texts stand in quotes, numbers have no units"
        line = int(place[1])
        given = self.lines[line - 1].partition("=")[0].strip()
        return f"{self.name}, line {line}: `{given}` is given twice: keep one of them"

    def _line(self, section: str, key: str) -> int | None:
        """The line that gives ``key`` in ``section``, from 1; None when it is written in an unusual way."""
        current = ""
        for number, line in enumerate(self.lines, 1):
            head = re.match(r"\s*\[\s*([\w.-]+)\s*\]", line)
            current = head[1] if head else current
            given = re.match(r"\s*[\"']?([^\"'=]+?)[\"']?\s*=", line)
            if (head and head[1] == _join(section, key)) or (given and current == section and given[1] == key):
                return number
        return None


def _join(section: str, key: str) -> str:
    """The name of a table inside another; at the top of the file its own."""
    return f"{section}.{key}" if section else key


def _convert(hint: Any, value: object, limits: Mapping[str, Any]) -> object:
    """A value of TOML as the type ``hint``; raises ValueError that says what is wanted."""
    if get_origin(hint) is Literal:
        return _choice(get_args(hint), value)
    return _CONVERTERS[hint](value, limits)


def _choice(allowed: tuple[object, ...], value: object) -> object:
    if value not in allowed:
        raise ValueError("one of " + ", ".join(_toml(one) for one in allowed))
    return value


def _flag(value: object, limits: Mapping[str, Any]) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _whole(value: object, limits: Mapping[str, Any]) -> int:
    if limits.get("is_wire_code"):
        return _wire_code(value)
    low, high = limits.get("low") or 0, limits.get("high")
    if isinstance(value, bool) or not isinstance(value, int) or value < low or (high is not None and value > high):
        raise ValueError(f"a whole number from {low} to {high}" if high is not None else f"a whole number from {low}")
    return value


def _wire_code(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < _FIRST_REFUSAL or value not in set(E):
        raise ValueError("a wire code of a refusal, as docs/errors.md lists them (0x8C)")
    return value


def _seconds(value: object, limits: Mapping[str, Any]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_SECONDS:
        raise ValueError(f"seconds from 0 to {_LONGEST_SECONDS}")
    return float(value)


def _text(value: object, limits: Mapping[str, Any]) -> str:
    digits = limits.get("length")
    if not isinstance(value, str) or not value:
        raise ValueError("a text in quotes")
    if digits is not None and not (len(value) == digits and value.isdecimal()):
        raise ValueError(f"{digits} digits in quotes")
    longest = limits.get("longest")
    if longest is not None and not (len(value) <= longest and _is_printed(value)):
        raise ValueError(f"at most {longest} characters that the till can print, on one line")
    return value


def _is_printed(text: str) -> bool:
    return text.isprintable() and code_page.decode(code_page.encode(text)) == text


def _three(value: object, limits: Mapping[str, Any]) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError("three numbers in brackets")
    return tuple(_whole(one, limits) for one in value)


def _hex(value: object, limits: Mapping[str, Any]) -> bytes:
    length = limits.get("length")
    wanted = f"{length} bytes in hexadecimal, in quotes" if length else "bytes in hexadecimal, in quotes"
    try:
        data = bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        data = None
    if data is None or (length is not None and len(data) != length):
        raise ValueError(wanted)
    return data


def _codes(value: object, limits: Mapping[str, Any]) -> frozenset[int]:
    if not isinstance(value, list) or not all(isinstance(one, str) and _is_byte(one) for one in value):
        raise ValueError('command bytes in brackets, as ["8F", "01"]')
    return frozenset(int(one, 16) for one in value)


def _is_byte(text: str) -> bool:
    return re.fullmatch("[0-9A-Fa-f]{2}", text) is not None


def _patterns(value: object, limits: Mapping[str, Any]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError('settings fields in brackets, as ["2/1/88-91"]')
    return tuple(value)


def _toml(value: object) -> str:
    """A value as the file spells it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | int | float) else str(value)


_CONVERTERS: dict[Any, Callable[[object, Mapping[str, Any]], object]] = {
    bool: _flag,
    int: _whole,
    float: _seconds,
    str: _text,
    bytes: _hex,
    tuple[int, int, int]: _three,
    frozenset[int]: _codes,
    tuple[str, ...]: _patterns,
}
