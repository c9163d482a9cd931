"""Pages that stand on their own, from templates/ of this folder."""

import math
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup


def render(template: str, **values: Any) -> str:
    """A self-contained page from a template of this package, with the style that all pages share."""
    return templates().get_template(template).render(style=Markup(text_of("report.css")), **values)


def templates() -> jinja2.Environment:
    """The templates of this package, with the filters that they use."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(text_of),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    return environment


def text_of(name: str) -> str:
    """A file of templates/."""
    return (files("analysis.report") / "templates" / name).read_text(encoding="utf-8")


def _number(value: float | None, digits: int = 2) -> str:
    return "\N{EN DASH}" if value is None or math.isnan(value) else f"{value:.{digits}f}"
