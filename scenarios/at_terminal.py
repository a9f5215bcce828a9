"""Steps at the terminal: what a person chooses from its menu and types, what its screen shows, what its slip says."""

from collections.abc import Callable, Mapping

from protocol.atol.command import parse_answer
from protocol.atol.errors import driver_line
from protocol.atol.kkt_codes import E
from protocol.typed_hex import parse_hex
from scenarios.by_hand import Words
from scenarios.playbook import Kind, NotAsExpected, Scene, Step, sees, sends
from scenarios.routine import Refused

OFD = "Настройки → ОФД"
SET_UP = "Настройки → ОФД → Настроить ОФД"
CHECK = "Настройки → Обслуживание кассы → Проверка связи с ОФД"
_MORE = "Настройки → Обслуживание кассы → Дополнительные операции"
ADDRESS = f"{_MORE} → Адрес ОФД"
DOCUMENT = f"{_MORE} → Печать документа по номеру"
ZEROING = f"{_MORE} → Технологическое обнуление"
RAW_COMMAND = f"{_MORE} → Произвольная команда"
CLOSE_SHIFT = "Отчеты → Кассовые отчеты → Закрыть смену"
SET_CLOCK = f"{_MORE} → Установка даты и времени"
TABLET_CLOCK = "Настройки → Дата и время"
DEFAULT_SNO = f"{_MORE} → Выбор СНО по умолчанию"
REGISTRATION_TOTALS = f"{_MORE} → Итог регистрации ККТ"
GENERAL_RESET = f"{_MORE} → Общее гашение"
SETTLEMENT = f"{_MORE} → Отчеты о текущем состоянии расчетов"
REPLACE_FN = "Настройки → ОФД → Заменить фискальный накопитель"
PROTECTION_CODE = "Настройки → Обслуживание кассы → Ввести код защиты"
TEST_RUN = "Настройки → Обслуживание кассы → Прогон-1"
REGISTER = "Настройки → Обслуживание кассы → Регистрация ККТ"
ENCASHMENT = "Настройки → Правила торговли → Инкассация при закрытии смены"
BROWSER = "Еще → Браузер"
SELL = "Касса → Продажа"
CARD = "Товары → Карточка товара"
RESTART = "Recovery Mode → Reboot system now"
WIPE = "Boot Menu → Recovery → Andriod Recovery → Wipe data/factory reset → Yes— delete all user data"

DONE = "Операция выполнена"
SOLD = "Продажа проведена"
CLOCKS_DIFFER = "Расхождение времени в ККТ и планшете"
UNKNOWN_ERROR = "Неопознанная ошибка"
DEAD = "Приложение остановлено"
NO_OFD = "Нет связи с ОФД"
OFD_REACHED = "Соединение с ОФД установлено"
IMPOSSIBLE = "Операция невозможна"
BANNER = "(!) ОФД"
_REPLY = "Ответ ККМ: "
IT_PRINTS = "it prints, and leaves the till as it was"
SLIP = "ДИАГНОСТИКА СОЕДИНЕНИЯ С ОФД"


def menu_item(path: str, *typed: str | None, shows: str = DONE, title: str = "") -> Step:
    """Go to a place of the menu, type into its fields, confirm: the screen must have the line ``shows``."""

    def act(scene: Scene) -> None:
        _must_show(path, scene.terminal.choose(path, *typed), (shows,))

    return Step(Kind.WIRE, title or ": ".join((path, *_shown(typed))), act, typed=(menu_words(path, *typed),))


def menu_item_when(
    path: str, typed: Callable[[Scene], tuple[str | None, ...]], *, title: str, shows: str = DONE
) -> Step:
    """The same when what is typed follows from values of earlier steps; raises `ValueMissing`."""

    def act(scene: Scene) -> None:
        _must_show(path, scene.terminal.choose(path, *typed(scene)), (shows,))

    return Step(Kind.WIRE, title, act, typed=lambda scene: (menu_words(path, *typed(scene)),))


def screen(path: str, *lines: str, typed: tuple[str, ...] = (), title: str = "", reason: str = "it only looks") -> Step:
    """Go to a place of the menu that only shows something: each of these lines must be there."""

    def act(scene: Scene) -> None:
        _must_show(path, scene.terminal.choose(path, *typed), lines)

    told = title or f"{': '.join((path, *typed))}: {'; '.join(f'«{line}»' for line in lines)}"
    return Step(Kind.INFORMATIONAL, told, act, reason=reason, typed=(menu_words(path, *typed),))


def menu_words(path: str, *typed: str | None) -> Words:
    """The command line that goes to a place of the menu and types into its fields; ``-`` leaves one as it is."""
    return ("menu", path, *(word for value in typed for word in ("--type", "-" if value is None else value)))


def raw_question(typed: str, reason: str) -> Step:
    """A raw command that only asks; whatever is answered, one goes on."""

    def act(scene: Scene) -> None:
        scene.terminal.choose(RAW_COMMAND, typed)

    title = f"{RAW_COMMAND}: {typed}"
    return Step(Kind.INFORMATIONAL, title, act, reason=reason, typed=(menu_words(RAW_COMMAND, typed),))


def raw_command(typed: str, refusal: E | None = None, reply: str | None = None) -> Step:
    """A raw command typed into the service menu exactly as the document prints it; ``reply``: all that is answered."""
    request = parse_hex(typed)[0]
    wanted = reply

    def act(scene: Scene) -> None:
        shown = scene.terminal.choose(RAW_COMMAND, typed)
        reply = next((line.removeprefix(_REPLY) for line in shown if line.startswith(_REPLY)), None)
        if reply is None:
            raise NotAsExpected(f"«{typed}» is answered by a screen that says: {'; '.join(shown)}")
        if wanted not in (None, reply):
            raise NotAsExpected(f"{typed} is answered {reply}, not {wanted}")
        answer = parse_answer(request[0], bytes.fromhex(reply))
        if not answer.is_ok:
            raise Refused(request, answer.code, answer.detail)

    title = f"{RAW_COMMAND}: {typed}"
    return Step(Kind.WIRE, title, act, refusal=refusal, typed=(menu_words(RAW_COMMAND, typed),))


def banner(text: str) -> Step:
    """This stands above the screen, or nothing."""
    title = f"«{text}» stands above the screen" if text else "nothing stands above the screen"
    return sees(lambda scene: scene.terminal.banner() == text, title)


def terminal_of(firmware: str) -> Step:
    """The terminal has this firmware."""

    def act(scene: Scene) -> None:
        scene.terminal.update(firmware)

    step = Step(Kind.HOST, f"the terminal has the firmware {firmware}", act)
    return step.by(("menu", OFD, "--firmware", firmware))


def terminal_restarts(title: str = "restart the terminal", shows: str = DONE) -> Step:
    """Switch the terminal off and on; its driver sets the till's clock, and it prints what was left unfinished."""

    def act(scene: Scene) -> None:
        _must_show(RESTART, scene.terminal.restart(), (shows,))

    return Step(Kind.HOST, title, act).by(("menu", RESTART))


def program_dies(after: int, path: str, *typed: str | None, title: str) -> Step:
    """Go to a place of the menu; the terminal's program dies when the till has answered a command with this byte."""

    def act(scene: Scene) -> None:
        scene.terminal.die_after(after)
        _must_show(path, scene.terminal.choose(path, *typed), (DEAD,))

    return Step(Kind.HOST, title, act).by((*menu_words(path, *typed), "--dies-after", f"{after:02X}"))


def till_is_switched_off_and_on(title: str = "switch the till off and on") -> Step:
    """The till's power goes and comes back, the terminal's stays."""

    def act(scene: Scene) -> None:
        scene.hands.power_off()
        scene.hands.power_on()

    return Step(Kind.HANDS, title, act).by(("power", "off"), ("power", "on"))


def everything_is_switched_off_and_on(title: str = "switch till and terminal off and on") -> Step:
    """They are one device with one button: the driver starts anew."""

    def act(scene: Scene) -> None:
        scene.hands.power_off()
        scene.hands.power_on()
        scene.terminal.restart()

    return Step(Kind.HANDS, title, act).by(("power", "off"), ("power", "on"), ("menu", RESTART))


def slip(wanted: Mapping[str, str]) -> Step:
    """The last slip of diagnostics says these words, each behind its title."""

    def says(scene: Scene) -> bool:
        lines = last_page(scene, SLIP)
        return all(any(_is_pair(line, title, words) for line in lines) for title, words in wanted.items())

    return sees(says, "the slip says " + ", ".join(f"«{title}: {words}»" for title, words in wanted.items()), *wanted)


def last_page(scene: Scene, beginning: str) -> list[str]:
    """The lines of the paper from the last one that says ``beginning`` on."""
    tape = scene.witness.tape()
    starts = [index for index, line in enumerate(tape) if beginning in line]
    return tape[starts[-1] :] if starts else []


def _is_pair(line: str, title: str, words: str) -> bool:
    """Whether a line ends in ``words``, with as much of ``title`` before them as the paper has room for."""
    begins = line.removesuffix(words).rstrip()
    return line.endswith(words) and bool(begins) and title.startswith(begins)


def _must_show(path: str, shown: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    for line in wanted:
        if line not in shown:
            raise NotAsExpected(f"«{path}» does not show «{line}», but: {'; '.join(shown)}")


def _shown(typed: tuple[str | None, ...]) -> tuple[str, ...]:
    """What was typed, in one piece; nothing when nothing was."""
    told = [f"«{text}»" for text in typed if text is not None]
    return (", ".join(told),) if told else ()


def sells(*typed: str | None, shows: str = SOLD, title: str = "") -> Step:
    """A sale at the terminal: goods, quantity, price with its discount, tax system."""
    return menu_item(SELL, *typed, shows=shows, title=title or "sell at the terminal")


def driver_says(code: E) -> str:
    """The line of the screen for a wire code."""
    return f"Ошибка при работе с кассой: {driver_line(code)}"


def trade_day(title: str) -> Step:
    """A small day at the terminal in one step: three documents."""

    def act(scene: Scene) -> None:
        for step in TRADES:
            step.act(scene)

    return Step(Kind.WIRE, title, act).by(("menu", SELL), ("menu", CLOSE_SHIFT))


def opens_shift() -> Step:
    """The shift is opened by hand, and nothing is sold."""
    return sends("48", "56 01 00 00 00 30", "9A 00", title="open a shift")


TRADES = (sells(), menu_item(CLOSE_SHIFT))
"""A small day at the terminal: a sale, which opens the shift, and its end."""
