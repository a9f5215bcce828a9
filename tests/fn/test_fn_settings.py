"""Models and named settings are data that can be checked."""

from dataclasses import fields, replace

import pytest

from fn_model import FnSettings, load_model, model_names
from fn_model.model import Generation, read_model
from fn_model.settings import Confidence
from protocol.fn.commands import FnCode


def test_every_setting_says_what_it_decides_and_why() -> None:
    for one in fields(FnSettings):
        assert one.metadata["about"] and one.metadata["source"]
        assert isinstance(one.metadata["confidence"], Confidence)
        assert one.default in one.metadata["choices"]


def test_settings_are_read_from_plain_values() -> None:
    settings = FnSettings.from_mapping({"bad_crc_answer": "silence", "unsent_code": 0x15, "last_day_works": False})
    assert settings == replace(FnSettings(), bad_crc_answer="silence", unsent_code=0x15, last_day_works=False)
    assert settings.unsent_code is FnCode.SEND_WAIT_EXCEEDED


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"no_such": 1}, "no FN setting no_such"),
        ({"bad_crc_answer": "02"}, "choose one of 01, 03, silence"),
        ({"last_day_works": 1}, "choose one of True, False"),
        ({"unsent_code": True}, "cannot be True"),
    ],
)
def test_a_wrong_setting_is_told_with_the_remedy(overrides: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FnSettings.from_mapping(overrides)


@pytest.mark.parametrize("name", model_names())
def test_every_model_can_be_loaded(name: str) -> None:
    model = load_model(name)
    assert model.generation in Generation
    assert 0 < model.term_days <= 1110
    assert model.registrations > 1


def test_the_default_model_is_an_fn_1_1_for_15_months() -> None:
    model = load_model()
    assert (model.generation, model.term_days) == (Generation.FN_1_1, 470)
    assert model.settings == FnSettings()


def test_a_model_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="fn-1-1-15"):
        load_model("fn-9")


def test_a_model_with_unknown_keys_is_refused() -> None:
    with pytest.raises((TypeError, KeyError)):
        read_model("x", 'generation = "FN-1.1"\nsurprise = 1\n[data_limits]\n[settings]\n')
