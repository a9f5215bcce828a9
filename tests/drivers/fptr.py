"""ATOL's driver 10, bound by ctypes: the documented C API ``libfptr_*`` of its header.

Strings are ``wchar_t *`` both ways. A call is: set parameters, run a method, read the parameters it left; the
driver forgets what was set before the method and keeps what the method left until the next one is prepared.
Every method answers 0 or -1; the reason of a -1 is in ``libfptr_error_code`` and ``libfptr_error_description``.

Load it only in a process whose HOME is a scratch directory: the driver writes its log under it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from ctypes import c_double, c_int, c_uint, c_void_p, c_wchar_p
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from .constants import Constants
from .fetch import Package

Value = bool | int | float | str | bytes | datetime
NO_TAGS: Final[Mapping[int, Value]] = MappingProxyType({})
TEXT_CHARACTERS: Final = 512
"""First guess of the room for a string; the driver says how much it wants and is asked again."""


class DriverError(Exception):
    """A method of the driver answered -1: which one, with which code and in which words."""

    def __init__(self, method: str, code: int, text: str) -> None:
        super().__init__(f"{method} gave {code} ({text})")
        self.method = method
        self.code = code
        self.text = text


class Driver:
    """One driver object (``libfptr_handle``): settings, methods and parameters.

    `calls` counts the methods that were run, refused ones included; reading and setting parameters is not counted.
    """

    __slots__ = ("_handle", "_library", "calls", "names")

    def __init__(self, package: Package) -> None:
        self._library = ctypes.CDLL(str(package.library))
        self._handle = c_void_p()
        self.names = Constants(package.header)
        self.calls = 0
        if self._library.libfptr_create(ctypes.byref(self._handle)):
            raise DriverError("create", -1, "the library made no driver object")

    def configure(self, settings: Mapping[str, str]) -> None:
        """Apply settings by their names in the header: ``{"PORT": "2", "IPADDRESS": "127.0.0.1"}``."""
        store = self._function("set_single_setting", None, c_void_p, c_wchar_p, c_wchar_p)
        for name, value in settings.items():
            store(self._handle, self.names.setting(name), value)
        self.call("apply_single_settings")

    def call(self, method: str, tags: Mapping[int, Value] = NO_TAGS, /, **parameters: Value) -> None:
        """Run ``libfptr_<method>`` with LIBFPTR_PARAM_<NAME> set from keywords and requisites set by tag number.

        Raises DriverError when the driver answers anything but 0.
        """
        for name, value in parameters.items():
            self._set(self.names.parameter(name), value)
        for tag, value in tags.items():
            self._set(tag, value)
        run = self._function(method, c_int, c_void_p)
        self.calls += 1
        if run(self._handle):
            raise DriverError(method, self._error_code(), self._error_text())

    def refusal(self, method: str, tags: Mapping[int, Value] = NO_TAGS, /, **parameters: Value) -> DriverError | None:
        """Run a method that may be refused and return the refusal, None if it passed."""
        try:
            self.call(method, tags, **parameters)
        except DriverError as error:
            return error
        return None

    def destroy(self) -> None:
        """Give the driver object back; the library closes the port if it is still open."""
        self._library.libfptr_destroy(ctypes.byref(self._handle))

    # Parameters left by the last method. A name is LIBFPTR_PARAM_<NAME>, a number is a tag.

    def flag(self, name: str | int) -> bool:
        """Read a boolean parameter."""
        return bool(self._function("get_param_bool", c_int, c_void_p, c_int)(self._handle, self._number(name)))

    def integer(self, name: str | int) -> int:
        """Read an unsigned integer parameter."""
        return int(self._function("get_param_int", c_uint, c_void_p, c_int)(self._handle, self._number(name)))

    def double(self, name: str | int) -> float:
        """Read a floating-point parameter; sums are roubles."""
        return float(self._function("get_param_double", c_double, c_void_p, c_int)(self._handle, self._number(name)))

    def kopecks(self, name: str | int) -> int:
        """Read a sum; the driver keeps roubles in a double, we keep kopecks."""
        return round(self.double(name) * 100)

    def text(self, name: str | int) -> str:
        """Read a string parameter."""
        number = self._number(name)
        read = self._function("get_param_str", c_int, c_void_p, c_int, c_wchar_p, c_int)
        return _sized_text(lambda buffer, size: int(read(self._handle, number, buffer, size)))

    def octets(self, name: str | int) -> bytes:
        """Read a byte-array parameter."""
        read = self._function("get_param_bytearray", c_int, c_void_p, c_int, ctypes.c_char_p, c_int)
        size = int(read(self._handle, self._number(name), ctypes.create_string_buffer(1), 0))
        buffer = ctypes.create_string_buffer(max(size, 1))
        read(self._handle, self._number(name), buffer, size)
        return buffer.raw[:size]

    def moment(self, name: str | int) -> datetime | None:
        """Read a date and time; None when the till answered a date that does not exist."""
        parts = [c_int() for _ in range(6)]
        read = self._function("get_param_datetime", None, c_void_p, c_int, *[ctypes.POINTER(c_int)] * 6)
        read(self._handle, self._number(name), *map(ctypes.byref, parts))
        try:
            return datetime(*(part.value for part in parts))  # type: ignore[arg-type]
        except ValueError:
            return None

    def _number(self, name: str | int) -> int:
        return name if isinstance(name, int) else self.names.parameter(name)

    def _set(self, number: int, value: Value) -> None:
        match value:
            case bool():
                self._function("set_param_bool", None, c_void_p, c_int, c_int)(self._handle, number, value)
            case int():
                self._function("set_param_int", None, c_void_p, c_int, c_uint)(self._handle, number, value)
            case float():
                self._function("set_param_double", None, c_void_p, c_int, c_double)(self._handle, number, value)
            case str():
                self._function("set_param_str", None, c_void_p, c_int, c_wchar_p)(self._handle, number, value)
            case bytes():
                store = self._function("set_param_bytearray", None, c_void_p, c_int, ctypes.c_char_p, c_int)
                store(self._handle, number, value, len(value))
            case datetime():
                store = self._function("set_param_datetime", None, c_void_p, c_int, *[c_int] * 6)
                store(self._handle, number, *value.timetuple()[:6])

    def _error_code(self) -> int:
        return int(self._function("error_code", c_int, c_void_p)(self._handle))

    def _error_text(self) -> str:
        read = self._function("error_description", c_int, c_void_p, c_wchar_p, c_int)
        return _sized_text(lambda buffer, size: int(read(self._handle, buffer, size)))

    def _function(self, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
        """Return ``libfptr_<name>`` with its C types; the handle is 64 bits and must not travel as an int."""
        function = self._library[f"libfptr_{name}"]
        function.restype = result
        function.argtypes = arguments
        return function


def _sized_text(read: Callable[[ctypes.Array[ctypes.c_wchar], int], int]) -> str:
    """Read a string of unknown length: the driver answers the room it needs, the closing zero included."""
    size = TEXT_CHARACTERS
    while True:
        buffer = ctypes.create_unicode_buffer(size)
        wanted = read(buffer, size)
        if wanted <= size:
            return buffer.value
        size = wanted
