"""All scenarios, by id."""

from scenarios import (
    clock_mismatch,
    err_3801,
    err_3802,
    err_3975,
    err_3978,
    err_3979,
    err_3979_causes,
    err_3979_fn,
    fn_210,
    fn_211,
    fn_212,
    fn_218,
    last_fd_date_time,
    ofd_banner,
    ofd_diag_channel_dto,
    ofd_failures,
)
from scenarios.playbook import Scenario

SCENARIOS: dict[str, Scenario] = {
    scenario.id: scenario
    for scenario in (
        err_3802.SCENARIO,
        *err_3801.FAMILY,
        *clock_mismatch.FAMILY,
        *err_3975.FAMILY,
        *err_3978.FAMILY,
        *fn_210.FAMILY,
        *fn_211.FAMILY,
        *fn_212.FAMILY,
        *fn_218.FAMILY,
        err_3979.SCENARIO,
        *err_3979_causes.FAMILY,
        err_3979_fn.SCENARIO,
        *ofd_banner.FAMILY,
        *ofd_diag_channel_dto.FAMILY,
        last_fd_date_time.SCENARIO,
        *ofd_failures.FAMILY,
    )
}
"""Id to scenario, in the order in which they are listed and run."""
