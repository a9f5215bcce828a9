"""Random lives of both models of till: nothing that must hold is ever broken."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from kktsim import kkt_models
from kktsim.testing.machine import TillMachine

UNHURRIED = settings(
    deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
)


class OtherMachine(TillMachine):
    """The same life of the other model, over the other link."""

    model = next(name for name in kkt_models.names() if name != kkt_models.DEFAULT_MODEL)
    link = "v2"


def test_whatever_a_shop_goes_through_its_till_keeps_the_law() -> None:
    run_state_machine_as_test(TillMachine, settings=settings(UNHURRIED, max_examples=80, stateful_step_count=30))


def test_the_other_model_keeps_the_law_over_the_other_link() -> None:
    run_state_machine_as_test(OtherMachine, settings=settings(UNHURRIED, max_examples=30, stateful_step_count=30))
