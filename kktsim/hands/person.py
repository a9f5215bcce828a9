"""Asks the person at a real till to be the hands."""

import sys
from typing import Never, TextIO

FN_NUMBER_DIGITS = 16
CODE_DIGITS = 16
NO_INTERNET = "no_internet"
ANSWERS = {"да": True, "yes": True, "нет": False, "no": False}
UPLINKS = {"wifi": ("по Wi-Fi", "by Wi-Fi"), "sim": ("через SIM-карту", "by its SIM card")}


class NoPersonError(Exception):
    """Somebody has to do something at the till, and nobody can be asked; the message says how to be asked."""


class BenchOnlyError(Exception):
    """No person can do that to a real till; the message says so."""


class PersonHands:
    """«Оператор» in person: says in Russian and English what to do and waits for Enter.

    ``answers`` is a terminal, or every method raises `NoPersonError`; questions go to ``screen``.
    """

    def __init__(self, answers: TextIO | None = None, screen: TextIO | None = None) -> None:
        self._answers = sys.stdin if answers is None else answers
        self._screen = sys.stderr if screen is None else screen
        self._pulled_out: str | None = None

    def unplug_fn(self) -> str:
        """Pull the FN out; its number."""
        self._ask("Извлеките ФН из кассы, не выключая её", "Pull the FN out of the till, leave the power as it is")
        self._pulled_out = self._ask_number()
        return self._pulled_out

    def plug_fn(self, number: str | None = None) -> str:
        """Put an FN in, the last one pulled out unless told; its number."""
        number = number or self._pulled_out
        if number is None:
            self._ask("Вставьте ФН в кассу", "Put the FN into the till")
            return self._ask_number()
        self._ask(f"Вставьте в кассу ФН {number}", f"Put FN {number} into the till")
        return number

    def swap_fn(self, model: str | None = None) -> str:
        """Replace the FN by a new one, power off meanwhile; the new number. ``model``: another one than before."""
        russian, english = ("", "") if model is None else (f" модели {model}", f" of the model {model}")
        self._ask(
            f"Выключите кассу, замените ФН новым{russian} (для проверок — МГМ, а не настоящим) и включите кассу",
            f"Switch the till off, replace the FN by a new one{english} (for tests a mock-up, not a real one), switch"
            " it on",
        )
        return self._ask_number()

    def break_fn(self, fault: str) -> None:
        """Bench only."""
        self._bench_only(f"give an FN the fault {fault}")

    def mend_fn(self) -> None:
        """Bench only."""
        self._bench_only("take a fault off an FN")

    def damage_document(self, document: int) -> None:
        """Bench only."""
        self._bench_only(f"damage the record of document {document} in an FN")

    def inject_sign(self, document: int, sign: int) -> None:
        """Bench only."""
        self._bench_only("choose a fiscal sign")

    def cut_cable(self) -> None:
        """The cable between till and FN carries nothing any more."""
        self._ask("Отсоедините шлейф ФН", "Disconnect the cable of the FN")

    def make_noise(self, to_fn_percent: int, to_kkt_percent: int, seed: int = 1, times: int | None = None) -> None:
        """Bench only."""
        self._bench_only("make noise on the cable of an FN")

    def mend_cable(self) -> None:
        """Put a new cable in."""
        self._ask("Подсоедините исправный шлейф ФН", "Connect the FN by a cable in good order")

    def power_off(self) -> None:
        """Switch the till off."""
        self._ask("Выключите кассу", "Switch the till off")

    def power_on(self) -> None:
        """Switch the till on."""
        self._ask("Включите кассу и дождитесь её готовности", "Switch the till on and wait until it is ready")

    def lose_clock(self) -> None:
        """Take the clock's cell out with the power off: the till comes up asking for date and time."""
        self._ask(
            "Выключите кассу, извлеките батарейку часов, через минуту вставьте её и включите кассу",
            "Switch the till off, take the cell of its clock out, put it back after a minute, switch the till on",
        )

    def set_jumper(self, on: bool) -> None:
        """Set the boot jumper of the till's board, or take it off."""
        if on:
            self._ask("Переставьте джампер загрузки в положение BOOT", "Set the boot jumper of the board to BOOT")
        else:
            self._ask("Верните джампер загрузки на место", "Set the boot jumper of the board back")

    def replace_board(self) -> None:
        """Bench only."""
        self._bench_only("put a board without a serial number in")

    def flash(self, firmware: str) -> None:
        """Bring the till's firmware up to date; an older one nobody can give to it."""
        if firmware not in ("", "usual"):
            self._bench_only(f"give a till the firmware {firmware}")
        self._ask("Обновите прошивку кассы до последней версии", "Bring the till's firmware up to date")

    def passport_code(self, number: int) -> str:
        """The protection code of this number as the till's passport tells it: 16 digits."""
        question = f"Код защиты № {number} из паспорта кассы, 16 цифр / protection code {number} of the passport: "
        return self._ask_digits(question, "Tell the protection code", CODE_DIGITS)

    def spoil_memory(self, region: str) -> None:
        """Bench only."""
        self._bench_only(f"spoil the region {region} of the memory")

    def lose_memory(self) -> None:
        """Take the battery of the till's memory out: it comes up without what that held."""
        self._ask(
            "Выключите кассу, извлеките батарею питания памяти, через две минуты вставьте её; кассу не включайте",
            "Switch the till off, take the battery of its memory out for two minutes, leave the till off",
        )

    def alter_memory(self, region: str, field: str, value: str | None) -> None:
        """Bench only."""
        self._bench_only(f"alter {field} in the region {region} of the memory")

    def paper_out(self, lines: int = 0) -> None:
        """Take the paper out; that it shall end in so many lines nobody can do."""
        if lines:
            self._bench_only("let the paper end in mid-document")
        self._ask("Извлеките чековую ленту", "Take the paper out of the printer")

    def paper_in(self) -> None:
        """Put a new roll of paper in."""
        self._ask("Вставьте чековую ленту", "Put a roll of paper into the printer")

    def open_cover(self) -> None:
        """Open the printer's cover."""
        self._ask("Откройте крышку принтера", "Open the cover of the printer")

    def close_cover(self) -> None:
        """Close the printer's cover."""
        self._ask("Закройте крышку принтера", "Close the cover of the printer")

    def break_printer(self, fault: str) -> None:
        """Bench only."""
        self._bench_only(f"give a printer the fault {fault}")

    def mend_printer(self) -> None:
        """Bench only."""
        self._bench_only("take a fault off a printer")

    def ofd_down(self) -> None:
        """Connections to the OFD fail from now on."""
        self._ask("Отключите кассу от интернета", "Disconnect the till from the internet")

    def ofd_up(self) -> None:
        """Connections to the OFD succeed again."""
        self._ask("Подключите кассу к интернету", "Connect the till to the internet")

    def ofd_fault(
        self,
        failure: str,
        times: int | None = 1,
        from_document: int | None = None,
        percent: int = 100,
        seed: int = 1,
        seconds: float = 0,
    ) -> None:
        """Take the internet away until it is cleared; any other failure is bench only."""
        if failure != NO_INTERNET or times is not None or from_document is not None or percent != 100:
            self._bench_only(f"let an operator fail with {failure}")
        self.ofd_down()

    def ofd_clear(self, failure: str | None = None) -> None:
        """Give the internet back, all that can be missing."""
        if failure not in (None, NO_INTERNET):
            self._bench_only(f"end the failure {failure} of an operator")
        self.ofd_up()

    def ofd_host(self, name: str, place: str) -> None:
        """Bench only."""
        self._bench_only(f"lead {name} elsewhere")

    def forget_host(self, name: str) -> None:
        """Bench only."""
        self._bench_only(f"let {name} be unknown")

    def use_uplink(self, uplink: str) -> None:
        """Let the terminal get into the Internet by ``wifi`` or ``sim``."""
        russian, english = UPLINKS[uplink]
        self._ask(f"Подключите терминал к интернету {russian}", f"Connect the terminal to the internet {english}")

    def try_ofd(self) -> None:
        """Wait until the till has tried: it does so by itself, and soon after a restart."""
        self._ask("Перезагрузите кассу и подождите пять минут", "Restart the till and wait for five minutes")

    def has_internet(self) -> bool:
        """Whether the terminal's browser shows a page."""
        question = (
            "Открывается ли страница в браузере терминала, да или нет / does its browser show a page, yes or no: "
        )
        while True:
            answer = self._reply(question, "Look whether the terminal's browser shows a page").lower()
            if answer in ANSWERS:
                return ANSWERS[answer]

    def ofd_documents(self) -> list[int]:
        """Bench only."""
        self._bench_only("list all that an operator has")

    def advance(self, seconds: float) -> None:
        """Bench only."""
        self._bench_only("let time go ahead")

    def set_world(self, world: float) -> None:
        """Bench only."""
        self._bench_only("let time go ahead")

    def _bench_only(self, what: str) -> Never:
        raise BenchOnlyError(
            f"nobody can {what} at a real till: play this scenario on a bench, started by `kktsim serve`"
        )

    def _ask(self, russian: str, english: str) -> None:
        self._reply(f"{russian}, затем нажмите Enter.\n{english}, then press Enter. ", english)

    def _ask_number(self) -> str:
        question = f"Номер ФН, {FN_NUMBER_DIGITS} цифр на корпусе / number of the FN, on its case: "
        return self._ask_digits(question, "Tell the number of the FN", FN_NUMBER_DIGITS)

    def _ask_digits(self, question: str, deed: str, length: int) -> str:
        while True:
            answer = self._reply(question, deed)
            if len(answer) == length and answer.isascii() and answer.isdigit():
                return answer

    def _reply(self, question: str, deed: str) -> str:
        if not self._answers.isatty():
            raise NoPersonError(f"nobody can be asked to do this: «{deed}»; run it in a terminal")
        self._screen.write(question)
        self._screen.flush()
        line = self._answers.readline()
        if not line:
            raise NoPersonError(f"the terminal was closed before this was done: «{deed}»; run it again")
        return line.strip()
