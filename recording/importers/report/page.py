"""The page of an import: one HTML file without a request, drawn as SVG from the content by templates of this folder."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

BLUE, ORANGE = "#0072b2", "#d55e00"  # of agent 0 and agent 1; apart for colour-blind eyes, and in grey


def pages_of(content: dict[str, Any]) -> dict[str, str]:
    """File name -> text: the page, and the same content as JSON."""
    stem = f"pair{content['facts']['pair']:02d}_s{content['facts']['session']:03d}"
    return {f"{stem}.html": _page(content), f"{stem}.json": json.dumps(content) + "\n"}


def _page(content: dict[str, Any]) -> str:
    style = Markup(_text_of("import.css"))
    return _template().render(style=style, colours=(BLUE, ORANGE), **content)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text_of),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": lambda share: f"{share:.1%}", "points": _points}
    return environment.get_template("import.html.j2")


def _points(path: list[list[float]]) -> str:
    """Points of an SVG line; y grows upwards in the chamber and downwards in a picture."""
    return " ".join(f"{x:g},{-y:g}" for x, y in path)


def _text_of(name: str) -> str:
    return (files("recording.importers.report") / "templates" / name).read_text(encoding="utf-8")
