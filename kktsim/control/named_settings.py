"""Named settings of a till and its FN as rows: value, what it decides, where the default comes from, how sure it is."""

from dataclasses import fields
from typing import Any

from fn_model import FnModel, load_model
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.device.model import KktModel
from protocol.fn.commands import FnCode

_COLUMNS = ("name", "value", "about", "source", "confidence")


def of_bench(bench: Bench) -> dict[str, Any]:
    """Settings of the till and of the FN that is plugged in; ``fn`` is None when there is none."""
    fn = bench.fn
    return {"kkt": _of_kkt(bench.kkt.model), "fn": None if fn is None else _of_fn(fn.model)}


def of_model(model: KktModel, fn_model: FnModel | None = None) -> dict[str, Any]:
    """Settings of a till model and of an FN model, the default one when none is given."""
    return {"kkt": _of_kkt(model), "fn": _of_fn(fn_model or load_model())}


def _of_kkt(model: KktModel) -> dict[str, Any]:
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in kkt_models.settings_of(model)]
    return {"model": model.name, "title": model.title, "settings": rows}


def _of_fn(model: FnModel) -> dict[str, Any]:
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in fn_settings(model)]
    return {"model": model.name, "title": model.title, "settings": rows}


def _plain(value: object) -> object:
    """A setting as people read it: answer codes as the documents write them."""
    return f"{value:02X}h" if isinstance(value, FnCode) else value


def fn_settings(model: FnModel) -> list[tuple[str, object, str, str, str]]:
    """Rows (name, value, about, source, confidence) of an FN model's named settings."""
    return [
        (
            one.name,
            _plain(getattr(model.settings, one.name)),
            one.metadata["about"],
            one.metadata["source"],
            one.metadata["confidence"].name.lower(),
        )
        for one in fields(model.settings)
    ]
