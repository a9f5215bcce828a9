"""Named settings of a till and its FN as rows: value, what it decides, where the default comes from, how sure it is."""

from dataclasses import fields
from typing import Any

from fn_model import FnModel, load_model
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.device.model import KktModel

_COLUMNS = ("name", "value", "about", "source", "confidence")


def of_bench(bench: Bench) -> dict[str, Any]:
    """Settings of the till and of the FN that is plugged in; ``fn`` is None when there is none."""
    fn = bench.fn
    return {"kkt": _of_kkt(bench.kkt.model), "fn": None if fn is None else _of_fn(fn.model)}


def of_model(model: KktModel) -> dict[str, Any]:
    """Settings of a till model and of the FN it comes with."""
    return {"kkt": _of_kkt(model), "fn": _of_fn(load_model())}


def _of_kkt(model: KktModel) -> dict[str, Any]:
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in kkt_models.settings_of(model)]
    return {"model": model.name, "title": model.title, "settings": rows}


def _of_fn(model: FnModel) -> dict[str, Any]:
    rows = []
    for one in fields(model.settings):
        about, source = one.metadata["about"], one.metadata["source"]
        confidence = one.metadata["confidence"].name.lower()
        rows.append(
            dict(zip(_COLUMNS, (one.name, getattr(model.settings, one.name), about, source, confidence), strict=True))
        )
    return {"model": model.name, "title": model.name, "settings": rows}
