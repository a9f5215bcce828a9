"""`kktsim models`: the tills that can be served, the FNs that go into them, and what is known of each."""

import json
from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any

import click

from fn_model import load_model, model_names
from kktsim.cli import fn_models, output
from kktsim.cli.fail import fail
from kktsim.cli.model_choice import MODEL_FILE, chosen
from kktsim.device.model import KktModel
from kktsim.kkt_models import base_name, load, names, others, settings_of

_FFD = {1: "1.0", 2: "1.05", 3: "1.1", 4: "1.2"}
_COLUMNS = ("name", "title", "A5h", "characters", "build", "FFD", "settings fields", "other firmware")
_UNLISTED = frozenset(("name", "firmware", "firmwares", "settings", "tables"))


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@MODEL_FILE
@click.option("--json", "json_wanted", is_flag=True, help="JSON on stdout.")
def models(name: str | None, model_file: str | None, json_wanted: bool) -> None:
    """List the models of tills and of FNs; with NAME, everything that is known of one, and its named settings.

    A till with other firmware than its own is NAME@FIRMWARE.
    """
    if name is None and model_file is None:
        tills, fns = [_row(load(one)) for one in names()], [fn_models.row(one) for one in fn_models.all_models()]
        listed = [{"device": "kkt", **one} for one in tills] + [{"device": "fn", **one} for one in fns]
        shown = [{**one, "firmwares": ", ".join(one["firmwares"])} for one in tills]
        click.echo(_json(listed) if json_wanted else f"{_table(_COLUMNS, shown)}\n\n{_table(fn_models.COLUMNS, fns)}")
        return
    if name is not None and model_file is not None:
        fail("NAME and --model-file both name a till: give one of them")
    if name in model_names():
        fn_model = load_model(name)
        click.echo(_json(fn_models.whole(fn_model)) if json_wanted else fn_models.page(fn_model))
        return
    if name is not None and base_name(name) not in names():
        fail(f"there is no model {name!r} of a till or an FN; choose one of: {', '.join([*names(), *model_names()])}")
    model = chosen(name, model_file)
    click.echo(_json(_whole(model)) if json_wanted else _page(model))


def _row(model: KktModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "title": model.title,
        "model_byte": model.model,
        "characters": model.characters,
        "build": model.build,
        "ffd": _FFD.get(model.ffd[2], str(model.ffd[2])),
        "settings_fields": len(model.tables.fields),
        "firmwares": others(model),
    }


def _whole(model: KktModel) -> dict[str, Any]:
    settings = {name: value for name, value, *_ in settings_of(model)}
    facts = {one.name: _plain(getattr(model, one.name)) for one in _facts()}
    return {"name": model.name, **facts, "settings": settings}


def _facts() -> list[Field[Any]]:
    return [one for one in fields(KktModel) if one.name not in _UNLISTED]


def _plain(value: Any) -> Any:
    """A fact as a model file spells it."""
    if isinstance(value, bytes):
        return value.hex(" ").upper()
    if isinstance(value, frozenset):
        return [f"{code:02X}" for code in sorted(value)]
    if isinstance(value, Mapping):
        return {f"{key:02X}" if isinstance(key, int) else key: one for key, one in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _page(model: KktModel) -> str:
    lines = [f"{model.name}: {model.title}"]
    if known := others(model):
        lines.append(f"  other firmware: {', '.join(f'{base_name(model.name)}@{one}' for one in known)}")
    for one in _facts():
        value = getattr(model, one.name)
        shown = f"0x{value:02X}" if one.metadata.get("hex") else json.dumps(_plain(value), ensure_ascii=False)
        lines += [f"  {one.name} = {shown}", f"    {one.metadata['about']}"]
    lines.append("settings")
    for key, value, about, source, confidence in settings_of(model):
        lines += [f"  {key} = {json.dumps(value)}", f"    {about}", f"    {confidence} confidence: {source}"]
    return "\n".join(lines)


def _table(columns: tuple[str, ...], found: list[dict[str, Any]]) -> str:
    return output.columns([columns, *(tuple(str(cell) for cell in one.values()) for one in found)])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
