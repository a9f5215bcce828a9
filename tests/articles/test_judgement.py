"""What the plays found, made into a table: equal columns are one, and a step is worth what it is worth everywhere."""

from dataclasses import replace

import pytest

from kktsim.testing.articles.found import CaseKey, Cell, Found, StepFound
from kktsim.testing.articles.judgement import Judged, Worth, judge
from kktsim.testing.articles.lead import how_many_matter, lead, shares
from kktsim.testing.articles.phrases import legend, mark, why, worth
from scenarios.catalogue import Article, articles
from scenarios.playbook import Scenario, Variant, Verdict
from scenarios.translations import Language

PLUG, ASK = "Переподключите ФН к кассе", "Обратитесь в поддержку, чтобы заменить шлейф или ФН"
ARTICLE: Article = replace(
    articles()["fn_210"], steps=(PLUG, ASK), cases={"loose": "the FN came off", "cut": "no cable"}
)


def scenario(name: str, case: str, *variants: Variant) -> Scenario:
    return Scenario(
        id=name, article="fn_210", title=name, preset="registered", reproduce=(), prove=(), case=case, variants=variants
    )


LOOSE, CUT = scenario("loose", "loose"), scenario("cut", "cut", Variant("ФН-1"))


def found(name: str, fn: str, *steps: StepFound, variant: str = "", **more: object) -> Found:
    one = Found(CaseKey(name, 0, fn, variant), arises=True, reproduced=True, verdict=Verdict.CURED, steps=steps)
    return replace(one, **more)  # type: ignore[arg-type]


def plug(cell: Cell, because: str = "") -> StepFound:
    return StepFound(PLUG, cell, because)


def judged(*results: Found) -> Judged:
    return judge(ARTICLE, (LOOSE, CUT), results)


def test_fns_in_which_everything_is_the_same_share_a_column() -> None:
    one = judged(
        found("loose", "fn-1-13", plug(Cell.NEEDED)),
        found("loose", "fn-1-1-15", plug(Cell.NEEDED)),
        found("loose", "fn-1-1m-15", plug(Cell.NOTHING)),
    )
    assert [(column.name, len(column.cases)) for column in one.columns] == [("A1", 2), ("A2", 1)]


def test_a_scenario_with_one_column_has_a_plain_letter() -> None:
    one = judged(found("loose", "fn-1-13"), found("cut", "fn-1-13"), found("cut", "fn-1-13", variant="ФН-1"))
    assert [column.name for column in one.columns] == ["A", "B"]


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ((Cell.NEEDED, Cell.NEEDED), Worth.NEEDED),
        ((Cell.NEEDED, Cell.HARMFUL_TO_OMIT), Worth.NEEDED),
        ((Cell.HARMFUL_TO_OMIT, Cell.HARMFUL_TO_OMIT), Worth.HARMFUL_TO_OMIT),
        ((Cell.NEEDED, Cell.NOTHING), Worth.SOMETIMES),
        ((Cell.NEEDED, Cell.SUFFICIENT), Worth.SOMETIMES),
        ((Cell.SUFFICIENT, Cell.NOTHING), Worth.SUFFICIENT),
        ((Cell.NEEDED, Cell.IN_VAIN), Worth.SOMETIMES),
        ((Cell.NOTHING, Cell.NOTHING), Worth.NOTHING),
        ((Cell.NOTHING, Cell.REFUSED), Worth.NOTHING),
        ((Cell.NEEDED, Cell.HARMFUL), Worth.HARMFUL),
        ((Cell.INFORMATIONAL, Cell.NEEDED), Worth.SOMETIMES),
        ((Cell.INFORMATIONAL, Cell.PROOF), Worth.INFORMATIONAL),
        ((Cell.PROOF, Cell.PROOF), Worth.PROOF),
        ((Cell.INFORMATIONAL, Cell.INFORMATIONAL), Worth.INFORMATIONAL),
        ((Cell.IN_VAIN, Cell.REFUSED), Worth.IN_VAIN),
    ],
)
def test_the_worth_of_a_step_comes_from_all_columns(cells: tuple[Cell, Cell], verdict: Worth) -> None:
    one = judged(found("loose", "fn-1-13", plug(cells[0])), found("cut", "fn-1-13", plug(cells[1])))
    assert one.rows[0].worth is verdict


def test_a_step_of_the_document_that_nobody_plays_is_told() -> None:
    one = judged(found("loose", "fn-1-13", plug(Cell.NEEDED)))
    assert [(row.title, row.worth) for row in one.rows] == [(PLUG, Worth.NEEDED), (ASK, Worth.NOT_PLAYED)]


def test_a_step_beside_the_document_has_a_row_unless_it_only_informs() -> None:
    steps = (plug(Cell.NEEDED), StepFound("look", Cell.INFORMATIONAL), StepFound("mend", Cell.NEEDED))
    one = judged(found("loose", "fn-1-13", *steps))
    assert [row.title for row in one.rows if not row.in_document] == ["mend"]


def test_what_the_article_leaves_out_is_told_with_its_cases() -> None:
    loose, cut = (
        found(name, "fn-1-13", plug(Cell.NEEDED), more, verdict=Verdict.FIX_DOES_NOTHING, is_completed=True)
        for name, more in (("loose", StepFound("mend", Cell.MENDS)), ("cut", StepFound("wait", Cell.NEEDED)))
    )
    assert next(lead(judged(loose), Language.ENGLISH)).endswith("with what it does not tell: **mend**.")
    assert next(lead(judged(loose, cut), Language.ENGLISH)).endswith(": **mend** (A); **wait** (B).")


def test_the_steps_are_told_by_their_numbers() -> None:
    one = judged(found("loose", "fn-1-13", plug(Cell.NEEDED), StepFound(ASK, Cell.INFORMATIONAL)))
    assert list(lead(one, Language.ENGLISH))[-1] == "Steps of the article by number: needed: 1; informational: 2."
    assert how_many_matter(one, Language.ENGLISH) == "1 always; of 2"
    none = judged(found("loose", "fn-1-13", plug(Cell.NOTHING), StepFound(ASK, Cell.INFORMATIONAL)))
    assert how_many_matter(none, Language.ENGLISH) == "none; of 2"


def test_an_fn_with_which_the_error_does_not_arise_takes_no_letter_of_its_own() -> None:
    one = judged(found("loose", "fn-1-1-15", plug(Cell.NEEDED)), found("loose", "fn-1-13", arises=False))
    assert [column.name for column in one.columns] == ["A", "A"]


def test_a_step_beside_the_document_without_effect_has_no_row() -> None:
    one = judged(found("loose", "fn-1-13", plug(Cell.NEEDED), StepFound("wait", Cell.NOTHING)))
    assert [row.title for row in one.rows if not row.in_document] == []


def test_an_answer_is_told_with_the_cases_in_which_it_tells_that() -> None:
    one = judged(
        found("loose", "fn-1-13", StepFound(ASK, Cell.INFORMATIONAL, "the FN is heard")),
        found("cut", "fn-1-13", StepFound(ASK, Cell.INFORMATIONAL, "it fails")),
    )
    assert why(one.rows[1], one.columns, Language.ENGLISH) == "A: the FN is heard; B: it fails"
    same = judged(found("loose", "fn-1-13", StepFound(ASK, Cell.INFORMATIONAL, "it fails")))
    assert why(same.rows[1], same.columns, Language.ENGLISH) == "it fails"


def test_the_same_command_twice_is_two_rows() -> None:
    article = replace(ARTICLE, steps=("48", "48"))
    results = [found("loose", "fn-1-13", StepFound("48", Cell.NEEDED), StepFound("48", Cell.NOTHING))]
    one = judge(article, (LOOSE,), results)
    assert [row.worth for row in one.rows] == [Worth.NEEDED, Worth.NOTHING]


def test_the_verdict_tells_where_a_step_is_needed_and_why() -> None:
    because = "without it 3 documents stay unsent"
    one = judged(
        found("loose", "fn-1-13", plug(Cell.NEEDED, because)),
        found("cut", "fn-1-1-15", plug(Cell.NOTHING, "without it everything is the same")),
    )
    row = one.rows[0]
    assert worth(row, one.columns, Language.ENGLISH) == "needed only in A"
    assert worth(row, one.columns, Language.RUSSIAN) == "нужен только в A"
    either = judged(found("loose", "fn-1-13", plug(Cell.NEEDED)), found("cut", "fn-1-13", plug(Cell.SUFFICIENT)))
    assert worth(either.rows[0], either.columns, Language.ENGLISH) == "needed only in A; enough by itself in B"
    assert why(row, one.columns, Language.ENGLISH) == because
    assert why(row, one.columns, Language.RUSSIAN) == "без него остаются неотправленными документы: 3"


def test_a_harmful_step_tells_what_it_does_where() -> None:
    one = judged(found("loose", "fn-1-13", plug(Cell.NEEDED)), found("cut", "fn-1-13", plug(Cell.HARMFUL)))
    assert worth(one.rows[0], one.columns, Language.ENGLISH) == "needed: A; harmful: B"


def test_a_refusal_is_shown_with_its_byte() -> None:
    one = judged(found("loose", "fn-1-13", StepFound(PLUG, Cell.REFUSED, code=0x9C)))
    assert mark(one.rows[0], 0) == "⊘ 9Ch"
    assert legend(one.rows, Language.ENGLISH) == "⊘ refused by the till"


def test_a_fix_that_cures_only_with_what_is_not_told_is_called_so() -> None:
    completed = found("loose", "fn-1-13", verdict=Verdict.FIX_DOES_NOTHING, is_completed=True)
    assert (
        next(lead(judged(completed), Language.ENGLISH)) == "The fix as printed cures only with what it does not tell."
    )


def test_an_article_is_reproduced_when_each_of_its_causes_is() -> None:
    assert not judged(found("loose", "fn-1-13")).is_reproduced
    assert judged(found("loose", "fn-1-13"), found("cut", "fn-1-13")).passed
    assert not judged(found("loose", "fn-1-13"), found("cut", "fn-1-13", reproduced=False)).is_reproduced


def test_a_complaint_is_told_with_its_case_and_without_the_conversation() -> None:
    complaints = ("declared cured, found fix_does_nothing", "OpenShift 9A 00 -> 55 9C 00  (-3828) Смена открыта")
    one = judged(found("loose", "fn-1-13"), found("cut", "fn-1-13", variant="ФН-1", complaints=complaints))
    assert one.complaints == ("cut fn-1-13 [ФН-1]: declared cured, found fix_does_nothing",)
    assert not one.passed


@pytest.mark.parametrize(
    ("first", "second", "sentences", "share"),
    [
        (Verdict.CURED, Verdict.CURED, ["The fix as printed cures."], "cures"),
        (
            Verdict.CURED,
            Verdict.NO_DOCUMENTED_FIX,
            ["The fix as printed cures A.", "B: the article tells no fix."],
            "cures 1 of 2 cases; tells no fix for 1",
        ),
        (
            Verdict.NO_DOCUMENTED_FIX,
            Verdict.CURES_ITSELF,
            ["A: the article tells no fix.", "B: goes away by itself."],
            "tells no fix for 1; 1 by themselves",
        ),
    ],
)
def test_the_lead_tells_what_is_cured(first: Verdict, second: Verdict, sentences: list[str], share: str) -> None:
    one = judged(found("loose", "fn-1-13", verdict=first), found("cut", "fn-1-13", verdict=second))
    assert list(lead(one, Language.ENGLISH))[:-1] == sentences
    assert shares(one, Language.ENGLISH) == share
