"""What every measure in the report means: the docstring of the function that computes it, and the thresholds it was given."""

import inspect
import re
from collections.abc import Callable
from functools import partial

from markupsafe import Markup, escape

from analysis.behaviour import ethogram, strangers
from analysis.behaviour import synchrony as in_sync
from analysis.behaviour.waiting import contingency, curve, mutual, openers, release
from analysis.core import nulls, study_chance
from analysis.core.measure import Measure
from analysis.findings.f1 import judge_f1
from analysis.findings.f2 import judge_f2
from analysis.findings.f3 import judge_f3
from analysis.findings.f4 import judge_f4
from analysis.findings.f5 import judge_f5
from analysis.findings.f6 import judge_f6
from analysis.findings.f8 import judge_f8
from analysis.findings.f10 import judge_f10
from analysis.neural.decoding.hidden_variable import hidden_variable
from analysis.neural.decoding.measures import outcome, partner
from analysis.neural.decoding.partner_variance import partner_variance
from analysis.neural.firing.firing import firing_of
from analysis.neural.groups.measures import grouping
from analysis.neural.shared.measures import sharing
from analysis.neural.tuning.measures import tuning
from params.schema.measures import Analysis
from params.units import key_of_field, unit_of_field
from recording import scoring

_MEASURES: dict[str, tuple[object, tuple[str, ...]]] = {
    "Approach": (
        ethogram.approach,
        ("approach_speed_cm_per_s", "approach_cosine", "approach_min_s", "approach_max_distance_cm", "speed_baseline_s"),
    ),
    "Waiting": (release, ("wait_zone_cm", "wait_speed_cm_per_s", "wait_min_s", "speed_baseline_s", "approach_cosine")),
    "Standing while armed": (ethogram.wait, ("wait_speed_cm_per_s", "wait_min_s", "speed_baseline_s", "contact_cm")),
    "Waiting at the port": (ethogram.wait_at_port, ("wait_zone_cm", "wait_speed_cm_per_s", "wait_min_s", "speed_baseline_s")),
    "Contingency of waiting": (contingency.waiting_contingency, ()),
    "Success as opener": (openers.opener_success, ()),
    "Do both wait?": (mutual, ()),
    "Hold with lateness": (contingency.held_sums, ()),
    "Waiting curve": (curve, ("wait_zone_cm",)),
    "Interaction": (ethogram.interaction, ("contact_cm", "interaction_min_s")),
    "Contact": (ethogram.contact, ("contact_cm", "interaction_min_s")),
}
_CELLS: dict[str, tuple[Callable[..., object], str, tuple[str, ...]]] = {
    "Tuned cells": (tuning, "selectivity", ("shifts", "min_shift_s", "false_discovery", "min_events")),
    "Decoding of the partner": (partner, "decoding", ("blocks", "gap_s", "null_min_shift_s", "null_max_shift_s", "lags")),
    "Decoding of the outcome": (outcome, "decoding", ("trial_window_s", "trial_guard_s", "fewest_events")),
    "Functional groups": (grouping, "groups", ("false_discovery", "resolution", "restarts", "min_cells", "response_window_s")),
    "Shared space": (sharing, "shared_space", ("min_shift_s", "max_shift_s", "quantile", "variance_kept")),
}
_SPIKES: dict[str, tuple[Callable[..., object], str, tuple[str, ...]]] = {
    "How cells fire": (firing_of, "firing", ("count_window_s", "fewest_intervals")),
}
_AGENTS: dict[str, tuple[object, str, tuple[str, ...]]] = {
    "The hidden state of the partner": (hidden_variable, "decoding", ("blocks", "gap_s", "null_min_shift_s", "null_max_shift_s")),
    "The partner's share of variance": (partner_variance, "decoding", ("blocks", "gap_s", "bump_spacing_cm", "lags")),
}
_JUDGES: dict[str, Callable[..., object]] = {
    "F1": judge_f1,
    "F2": judge_f2,
    "F3": judge_f3,
    "F4": judge_f4,
    "F5": judge_f5,
    "F6": judge_f6,
    "F10": judge_f10,
}


def definitions(analysis: Analysis, clock: str, spikes: bool) -> list[tuple[str, Markup, str]]:
    """(measure, its text as HTML, thresholds as text in the units of a clock, "s" or "step") in the report's order; spikes: whether the
    run holds any."""
    thresholds = partial(_as_text, clock)
    null = thresholds(analysis, ("chance_shifts", "chance_min_shift_s", "chance_max_shift_s", "significance"))
    rows = [("Success", as_html(scoring.__doc__), ""), ("Chance", as_html(nulls.__doc__), null)]
    habits = thresholds(analysis, ("strangers", "behaviour_shifts", "chance_min_shift_s", "chance_max_shift_s"))
    rows.append(("Pairs that never met, shifted behaviour", as_html(strangers.__doc__), habits))
    rows.append(("Pokes in sync", as_html(in_sync.__doc__), ""))
    rows += [("The study's own chance", as_html(study_chance.__doc__), "")] if clock == "step" else []
    rows += [(name, as_html(measure.__doc__), thresholds(analysis.ethogram, keys)) for name, (measure, keys) in _MEASURES.items()]
    rows += [
        (name, as_html(measure.__doc__), thresholds(getattr(analysis, table), keys))
        for name, (measure, table, keys) in (_CELLS | (_SPIKES if spikes else {})).items()
    ]
    draws = thresholds(
        analysis.report, ("decoding_null_draws", "group_shifts", "group_surrogates", "group_permutations", "shared_shifts")
    )
    rows.append(("Number of draws, measures of cells", as_html(Measure.__doc__), draws))
    judges = _JUDGES
    if clock == "step":
        rows += [
            (name, as_html(measure.__doc__), thresholds(getattr(analysis, table), keys))
            for name, (measure, table, keys) in _AGENTS.items()
        ]
        judges = _JUDGES | {"F8": judge_f8}
    return rows + [(f"Verdict {name}", as_html(judge.__doc__), "") for name, judge in judges.items()]


def as_html(docstring: str | None) -> Markup:
    """A docstring as paragraphs and lists, less what only a caller needs: `code`, *emphasis*, and lines that open with a dash."""
    text = re.split(r"\n\nParameters\n-+\n", inspect.cleandoc(docstring or ""))[0]
    text = re.sub(r"\s*Returns bouts [^.]*\.", "", text)
    return Markup("").join(_block(block) for block in text.split("\n\n"))


def _block(block: str) -> Markup:
    lead, *items = re.split(r"(?:^|\n)- ", block)
    listed = Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
    paragraph = Markup("<p>{}</p>").format(_inline(lead)) if lead else Markup("")
    return paragraph + (Markup("<ul>{}</ul>").format(listed) if items else Markup(""))


def _inline(text: str) -> Markup:
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(" ".join(text.split()))))
    return Markup(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", marked))


def _as_text(clock: str, table: object, fields: tuple[str, ...]) -> str:
    values = ((name, getattr(table, name), unit_of_field(name, clock) or "") for name in fields)
    return "; ".join(f"{key_of_field(name)} = {value:g} {unit}".strip() for name, value, unit in values)
