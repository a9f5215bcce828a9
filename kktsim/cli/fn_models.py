"""The FN models that `kktsim models` lists and shows."""

import json
from dataclasses import asdict
from typing import Any

from fn_model import FnModel, load_model, model_names
from kktsim.control.named_settings import fn_settings

COLUMNS = ("name", "title", "generation", "days", "registrations", "FFD", "settings")
_FFD = {2: "1.05", 3: "1.1", 4: "1.2"}
_ABOUT = {
    "title": "what people call it",
    "generation": "FN-1, FN-1.1 or FN-1.1M: which commands and answer codes it has",
    "months": "what it is sold for",
    "term_days": "days after the registration report; what the till is registered for may shorten them",
    "registrations": "reports of registration it makes, the first one included",
    "version": "answer to 33h",
    "execution": "answer to 3Fh",
    "newest_ffd": "answer to 3Ah, value of tag 1209: 2 = FFD 1.05, 3 = 1.1, 4 = 1.2",
    "archive_documents": "documents it holds",
    "storage_bytes": "room for documents that wait for their confirmation",
    "archive_warning_percent": "from here on bit 2 of the warning flags is set",
    "crypto_resource_signs": "documents it can sign; 0: its keys set no limit",
    "data_limits": "bytes of 07h by document",
}
"""Facts of an FN model and what they are; the settings follow them."""


def all_models() -> list[FnModel]:
    """Every FN model, by name."""
    return [load_model(name) for name in model_names()]


def row(model: FnModel) -> dict[str, Any]:
    """One model in the list."""
    return {
        "name": model.name,
        "title": model.title,
        "generation": model.generation.value,
        "term_days": model.term_days,
        "registrations": model.registrations,
        "ffd": _FFD[model.newest_ffd],
        "settings": len(fn_settings(model)),
    }


def whole(model: FnModel) -> dict[str, Any]:
    """Everything that is known of one."""
    settings = {name: value for name, value, *_ in fn_settings(model)}
    return {"name": model.name, **_facts(model), "settings": settings}


def page(model: FnModel) -> str:
    """The same for people, each fact and setting with what it is."""
    lines = [f"{model.name}: {model.title}"]
    for name, value in _facts(model).items():
        lines += [f"  {name} = {json.dumps(value, ensure_ascii=False)}", f"    {_ABOUT[name]}"]
    lines.append("settings")
    for name, value, about, source, confidence in fn_settings(model):
        lines += [f"  {name} = {json.dumps(value)}", f"    {about}", f"    {confidence} confidence: {source}"]
    return "\n".join(lines)


def _facts(model: FnModel) -> dict[str, Any]:
    facts = {name: getattr(model, name) for name in _ABOUT}
    return facts | {"generation": model.generation.value, "data_limits": asdict(model.data_limits)}
