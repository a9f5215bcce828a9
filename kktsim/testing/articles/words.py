"""What the tables and pages about articles say by themselves, in both languages."""

from collections.abc import Mapping

from kktsim.testing.articles.found import Cell
from kktsim.testing.articles.judgement import End, Worth
from scenarios.translations import Language

Both = tuple[str, str]
"""English, Russian."""


def said(both: Both, language: Language) -> str:
    """One of the two."""
    return both[0] if language is Language.ENGLISH else both[1]


MARKS: Mapping[Cell, str] = {
    Cell.NEEDED: "●",
    Cell.HARMFUL_TO_OMIT: "◐",
    Cell.MENDS: "◌",
    Cell.SUFFICIENT: "◎",
    Cell.NOTHING: "○",
    Cell.HARMFUL: "✖",
    Cell.INFORMATIONAL: "i",
    Cell.PROOF: "✓",
    Cell.REFUSED: "⊘",
    Cell.IN_VAIN: "·",
}
"""One character each, so that a wide table stays readable."""

CELLS: Mapping[Cell, Both] = {
    Cell.NEEDED: ("needed", "нужен"),
    Cell.HARMFUL_TO_OMIT: ("harmful to omit", "пропускать вредно"),
    Cell.MENDS: ("needed only because of another step", "нужен лишь из-за другого шага"),
    Cell.SUFFICIENT: ("enough by itself, as another step is", "достаточно его одного, как и другого шага"),
    Cell.NOTHING: ("does nothing", "ничего не меняет"),
    Cell.HARMFUL: ("harmful", "вредит"),
    Cell.INFORMATIONAL: ("informational", "только сообщает"),
    Cell.PROOF: ("the proof", "проверка"),
    Cell.REFUSED: ("refused by the till", "касса отказывает"),
    Cell.IN_VAIN: ("done in vain", "выполняется впустую"),
}

WORTHS: Mapping[Worth, Both] = {
    Worth.NEEDED: ("needed", "нужен"),
    Worth.HARMFUL_TO_OMIT: ("harmful to omit", "пропускать вредно"),
    Worth.SOMETIMES: ("needed only in {where}", "нужен только в {where}"),
    Worth.SUFFICIENT: ("enough by itself in {where}", "достаточно его одного в {where}"),
    Worth.NOTHING: ("does nothing on this model", "на этой модели ничего не меняет"),
    Worth.HARMFUL: ("harmful", "вредит"),
    Worth.INFORMATIONAL: ("informational", "только сообщает"),
    Worth.PROOF: ("the proof", "проверка"),
    Worth.IN_VAIN: ("cures nothing here", "здесь не лечит"),
    Worth.NOT_PLAYED: ("not played", "не воспроизведён"),
}

COUNTED: Mapping[Worth, Both] = {
    Worth.NEEDED: ("needed: {n}", "нужны всегда: {n}"),
    Worth.HARMFUL_TO_OMIT: ("harmful to omit: {n}", "пропускать вредно: {n}"),
    Worth.SOMETIMES: ("needed only in some states: {n}", "нужны не всегда: {n}"),
    Worth.SUFFICIENT: ("enough by themselves: {n}", "достаточно одного из них: {n}"),
    Worth.NOTHING: ("without effect: {n}", "ничего не меняют: {n}"),
    Worth.HARMFUL: ("harmful: {n}", "вредят: {n}"),
    Worth.INFORMATIONAL: ("informational: {n}", "только сообщают: {n}"),
    Worth.PROOF: ("to prove it: {n}", "для проверки: {n}"),
    Worth.IN_VAIN: ("in vain: {n}", "выполняются впустую: {n}"),
    Worth.NOT_PLAYED: ("not played: {n}", "не воспроизведены: {n}"),
}

ENDS: Mapping[End, Both] = {
    End.CURED: (End.CURED, "вылечено по инструкции"),
    End.COMPLETED: (End.COMPLETED, "вылечено лишь вместе с тем, чего в статье нет"),
    End.NOT_CURED: (End.NOT_CURED, "инструкция не лечит"),
    End.NO_FIX: (End.NO_FIX, "инструкции нет"),
    End.BY_ITSELF: (End.BY_ITSELF, "проходит само"),
    End.PROCEDURE: (End.PROCEDURE, "работает, как написано"),
    End.DOES_NOT_ARISE: (End.DOES_NOT_ARISE, "ошибка не возникает"),
    End.NOT_REPRODUCED: (End.NOT_REPRODUCED, "не воспроизведено"),
}
REPRODUCED_ALL: Both = ("reproduced", "воспроизведено")

GENERATIONS: Mapping[str, Both] = {
    "fn-1-13": ("FN-1", "ФН-1"),
    "fn-1-36": ("FN-1, 36 months", "ФН-1, 36 месяцев"),
    "fn-1-1-13": ("FN-1.1, 13 months", "ФН-1.1, 13 месяцев"),
    "fn-1-1-15": ("FN-1.1", "ФН-1.1"),
    "fn-1-1-36": ("FN-1.1, 36 months", "ФН-1.1, 36 месяцев"),
    "fn-1-1m-15": ("FN-1.1M", "ФН-1.1М"),
    "fn-1-1m-36": ("FN-1.1M, 36 months", "ФН-1.1М, 36 месяцев"),
}

ANY_FN: Both = ("any FN", "любой ФН")

ARTICLE: Both = ("article", "статья")
INDEX: Both = ("The support articles, judged", "Статьи поддержки: что в них важно")
INDEX_ABOUT: Both = (
    "Every error that a till, its FN and the way to the OFD can show by themselves: reproduced from its cause, treated"
    " by the article, and each step of the treatment left out once. `kktsim articles` plays all of it anew.",
    "Каждая ошибка, которую могут показать касса, её ФН и путь к ОФД: воспроизведена из причины, лечится по статье, и"
    " каждый шаг лечения однажды пропущен. `kktsim articles` играет всё это заново.",
)
FIX_AS_PRINTED: Both = ("the fix as printed", "инструкция")
STEPS_THAT_MATTER: Both = ("steps needed", "нужных шагов")
LEFT_OUT: Both = ("what the article leaves out", "о чём статья молчит")
DONE: Both = ("{done} of {all} reproduced and judged", "воспроизведено и разобрано {done} из {all}")
ALL_ARTICLES: Both = ("all articles", "все статьи")
OTHER_LANGUAGE: Both = ("по-русски", "in English")
SYMPTOM: Both = ("What the user sees", "Что видит пользователь")
SCREEN: Both = ("screen", "экран")
PAPER: Both = ("paper", "на бумаге")
CODES: Both = ("codes", "коды")
NO_CODES: Both = ("none: no command is refused", "нет: ни одна команда не отвергается")
WIRE, DRIVER, FN_CODE, TAGS = (
    ("byte {}", "байт {}"),
    ("driver {}", "драйвер {}"),
    ("FN answer {}", "ответ ФН {}"),
    ("requisite {}", "реквизит {}"),
)
STORY: Both = ("What happens inside", "Что происходит внутри")
INSIDE: Both = ("Causes and branches", "Причины и ветви")
CASE: Both = ("case", "случай")
OUTCOME: Both = ("outcome", "исход")
SCENARIO: Both = ("scenario", "сценарий")
STEPS: Both = ("Which steps matter", "Какие шаги важны")
STEP: Both = ("step of the article", "шаг инструкции")
OTHER_STEP: Both = ("*not in the article:*", "*в статье нет:*")
VERDICT: Both = ("verdict", "вердикт")
WHY: Both = ("why", "почему")
NO_STEPS: Both = ("The article tells no step.", "Статья не называет ни одного шага.")
SMALLEST: Both = ("The smallest cure", "Наименьшее лечение")
NO_CURE: Both = ("nothing that the article tells", "ничего из написанного в статье")
BEYOND: Both = ("What helps although no document says so", "Что помогает, хотя об этом не написано")
INSTEAD: Both = ("Tried instead of the fix", "Испытано вместо инструкции")
CURES, CURES_NOT, CURES_WITH_HARM = (
    ("cures", "лечит"),
    ("does not cure", "не лечит"),
    ("cures, and does harm: {}", "лечит, но вредит: {}"),
)
HARMS: Both = ("What does harm", "Что вредит")
FIX_HARMS: Both = ("after the documented fix: {}", "после инструкции: {}")
RESETS: Both = ("What the prescribed resets destroy", "Что уничтожают предписанные сбросы")
HIDDEN: Both = (
    "[{1} things are lost]({0}); of what can be set up again the article does not mention **{2}**",
    "[пропадает всего: {1}]({0}); из того, что можно восстановить, статья не упоминает: **{2}**",
)
REPRODUCED: Both = ("How the bench reproduces it", "Как стенд это воспроизводит")
STATE: Both = ("a till in the state `{}`", "касса в состоянии `{}`")
NOT_PRINTED: Both = ("no line «{}»", "строки «{}» нет")
DIALOGUE: Both = ("The dialogue", "Разговор с кассой")
HAND_NOTE: Both = (
    "Two terminals: the till runs in one, these lines are typed in the other. If other tills are served besides, type"
    " `export KKTSIM_CONTROL=URL` there first, with the URL that this one has told behind `control`.",
    "Два терминала: в одном работает касса, в другом вводятся эти строки. Если запущены и другие кассы, сначала"
    " введите там `export KKTSIM_CONTROL=URL`, где URL — тот, что эта касса назвала после слова `control`.",
)
PREPARED_PART, ERROR_PART, FIX_PART, PROOF_PART, BEYOND_PART = (
    ("the preparation", "подготовка"),
    ("the error", "ошибка"),
    ("the fix", "лечение"),
    ("the proof", "проверка"),
    ("beyond the document", "сверх инструкции"),
)
COUNTEREXAMPLES: Both = ("From where the advice leads nowhere", "Откуда советы не выводят")
OR: Both = ("or", "или")
KNOWN: Both = ("Documented and inferred", "Что написано и что выведено")
DOCUMENTED: Both = ("documented", "написано")
INFERRED: Both = ("inferred", "выведено")
GENERATED: Both = (
    "Generated by tools/generate_article_pages.py from scenarios that were played: edit those.",
    "Написано tools/generate_article_pages.py по сыгранным сценариям: правьте их.",
)
