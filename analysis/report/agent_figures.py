"""Which figures go with what the agents do and carry, each with its caption."""

from analysis.core.statistics import Estimate
from analysis.findings.f8 import AgentFindings
from analysis.neural.decoding.hidden_variable import NAMES
from analysis.neural.inputs.stages import SOCIAL
from analysis.report.figures import FigureSpec
from params.schema.measures import Analysis


def agent_figures_of(found: AgentFindings, analysis: Analysis) -> list[FigureSpec]:
    """Training, and with units the hidden variable and the partner's share of variance."""
    from analysis.plots.behaviour.training_course import training_figure
    from analysis.plots.neural.hidden import hidden_figure
    from analysis.plots.neural.variance_course import variance_figure

    cells, course = found.cells, found.course
    specs = []
    if found.training:
        specs.append(
            FigureSpec(
                "training",
                "Every update of training",
                "Above: events per episode; pokes, drinks and misses are means of the two agents, corrects are of the pair. "
                "Below: entropy of the policies, at most 1.61. Thin lines: pairs. Thick line: median with its 95 % interval. "
                "Steps are summed over all games.",
                lambda: training_figure(found.training),
            )
        )
    if cells is not None:
        specs.append(
            FigureSpec(
                "hidden_variable",
                "The hidden state of the partner",
                "Decoding of whether water waits for the partner, which the agent cannot see (auROC on held-out time): from "
                "the units, from what the agent sees at the step, and from as many random units without memory. Mean of a "
                "pair's two agents. Large dots: median and 95 % interval over pairs. Dashed: chance, "
                f"{analysis.report.decoding_null_draws} circular shifts.",
                lambda: hidden_figure(cells.cohort, cells.findings),
            )
        )
    if course is not None:
        specs.append(
            FigureSpec(
                "partner_variance",
                "The partner's share of the units",
                "Share of the units' variance that the partner's place and port explain, beyond own behaviour and all that the "
                "agent sees of its own half; on held-out time, for every session whose units were kept. Thin lines: pairs. "
                "Dots: median and 95 % interval.",
                lambda: variance_figure(course),
            )
        )
    return specs


def agent_numbers(found: AgentFindings) -> list[tuple[str, Estimate]]:
    """(what, number) as the page shows them."""
    waiting, course = found.waiting, found.course
    window = waiting.window
    rows = [
        ("enters at least, before", waiting.lowest_before),
        (f"enters at least, up to {window}", waiting.lowest_within),
        (f"enters at least, up to {window + 1}", waiting.lowest_in_time),
        (f"enters, at {window + 2}", waiting.too_far),
        (f"enters at most, from {window + 2} on", waiting.highest_too_late),
    ]
    if found.cells is not None:
        sources = ("units", "observation", "its expansion")
        rows += [
            (f"undrunk water from {source}", found.hidden(name, SOCIAL)) for name, source in zip(NAMES, sources, strict=True)
        ]
    if course is not None:
        rows += [(f"the partner's share, {when}", getattr(course, when)) for when in ("solo", "early", "late", "social")]
        rows += [("the partner's share, late over solo", course.regrown)]
    return rows
