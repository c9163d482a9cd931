"""Schemas of the tables that one side of the project writes and the other reads: `sims` and `analysis` know nothing of each other."""

from recording.table import Column, Schema, number, text, whole, yes_no

PAIR = whole("pair", "pair, from 0")
AGENT = whole("agent", "animal or agent of the pair, 0 or 1")
PHASE = text("phase", "phase of the schedule")
RATIOS = (
    number("rate_ratio", "mean rate of the cells over that of as many that carry the partner most, geometric means"),
    number("variance_ratio", "the same of their variances"),
)

RANKING = Schema(
    "ranking.csv",
    "What an excitatory cell, or a hidden unit, carries in the social evaluation (`python -m analysis.ranking RUN`).",
    (
        PAIR,
        AGENT,
        whole("cell", "place among all cells of the brain"),
        text("class", "exc, or unit of an agent"),
        number("rate_hz", "mean rate; of a hidden unit its mean activation", "Hz"),
        number("variance_hz2", "variance of the rate", "Hz2"),
        number("cooperation", "selectivity for cooperation beyond own behaviour, 0 to 1/2"),
        number("partner", "share of the variance that the partner explains beyond own behaviour"),
        number("self", "share of the variance that own behaviour explains"),
        whole("group", "functional group, -1 of none"),
    ),
    ("pair", "agent", "cell"),
)


def _set_columns(ablated: str, draws: str) -> tuple[Column, ...]:
    return (
        PAIR,
        whole("k", f"{ablated} ablated in each brain"),
        text("set", f"which {ablated}: none, what they carry, or how they were drawn"),
        whole("draw", f"draw of {draws} {ablated}, from 0"),
        text("task", "coop or solo"),
    )


ABLATION_OF_MICE = Schema(
    "pairs/pairPP.csv, ablation.csv",
    "A session of a pair of mice without a set of its cells (`python -m sims.ablate --from RUN`).",
    (
        *_set_columns("cells", "matched"),
        whole("repeat", "which of the set's sessions, from 0"),
        whole("correct", "correct pokes of the pair; none in the solo task", empty=True),
        whole("attempts", "correct and missed; none in the solo task", empty=True),
        number("success", "correct over attempts; none without attempts", empty=True),
        number("rewards_per_min", "rewards of a mouse, mean of the two", "1/min"),
        number("pokes_per_min", "armed pokes of a mouse, mean of the two", "1/min"),
        number("speed_cm_per_s", "path over time, mean of the two mice", "cm/s"),
        *RATIOS,
    ),
    ("pair", "k", "set", "draw", "task", "repeat"),
)

ABLATION_OF_GRID = Schema(
    "pairs/pairPP.csv, ablation.csv",
    "A batch of games of a pair of agents without a set of their hidden units (`python -m sims.ablate --from RUN`).",
    (
        *_set_columns("units", "random or matched"),
        whole("batch", "batch of games, from 0"),
        number("correct", "joint pokes that paid, of the pair; none in the solo task", "1/episode", empty=True),
        number("misses", "missed pokes of the pair; none in the solo task", "1/episode", empty=True),
        number("drinks", "drinks of waiting water, mean of the ablated agents", "1/episode"),
        number("pokes", "pokes, mean of the ablated agents", "1/episode"),
        *RATIOS,
    ),
    ("pair", "k", "set", "draw", "task", "batch"),
)

WEIGHTS = Schema(
    "weights/pairPP.csv",
    "How far learning moved an excitatory cell since an earlier state (`python -m sims.pathways --from RUN`).",
    (
        PAIR,
        AGENT,
        whole("cell", "place among the excitatory cells"),
        text("base", "the earlier state"),
        number("near_hz", "change of the summed weight of fibres of the partner near its port", "Hz"),
        number("far_hz", "the same of fibres of the partner elsewhere", "Hz"),
        number("own_hz", "the same of fibres of the own place", "Hz"),
        number("poke", "change of the weight onto the policy's poke"),
        number("stay", "change of the weight onto the policy's stay"),
        number("value", "change of the weight onto the value"),
    ),
    ("pair", "agent", "cell", "base"),
)

_OF_TRAINING = {
    "correct": ("joint pokes that paid, of the pair", "1/episode"),
    "miss": ("missed pokes, mean of the two agents", "1/episode"),
    "drink": ("drinks of waiting water, mean of the two agents", "1/episode"),
    "poke": ("pokes, mean of the two agents", "1/episode"),
    "reward": ("reward without any bonus, mean of the two agents", "1/episode"),
    "surrogate": ("clipped surrogate of the loss", ""),
    "value_error": ("squared error of the value", ""),
    "entropy": ("entropy of the policy", "nat"),
    "recurrent_norm": ("norm of the recurrent weights", ""),
    "divergence": ("mean of log p_old - log p: how far the policy has moved since it acted", "nat"),
}

TRAINING = Schema(
    "training.csv",
    "An update of training of a pair of agents, numbers as means over the games of its batch.",
    (
        PAIR,
        whole("session", "session of the pair, from 0"),
        PHASE,
        whole("update", "update of all training so far, from 1"),
        whole("steps", "steps of the game so far, all environments together", "step"),
        *(number(name, words, unit) for name, (words, unit) in _OF_TRAINING.items()),
    ),
    ("pair", "update"),
)

EPISODES = Schema(
    "episodes.csv",
    "What the frozen policies of a pair of agents reach in an episode after a session; after an evaluation also without recurrence.",
    (
        PAIR,
        whole("session", "session of the pair, from 0"),
        PHASE,
        text("task", "coop or solo"),
        text("divider", "transparent or opaque"),
        text("recurrence", "intact, or zeroed: the same policies with recurrent weights of 0"),
        whole("steps", "steps of training so far, all environments together", "step"),
        number("wall_s", "how long the session took to train and play", "s", form=".3f"),
        yes_no("collapsed", "whether an agent had stopped poking"),
        *(
            number(f"{name}_{figure}", f"{figure} over episodes: {_OF_TRAINING[name][0]}", "1/episode")
            for name in ("correct", "miss", "drink", "poke")
            for figure in ("median", "mean")
        ),
    ),
    ("pair", "session", "recurrence"),
)

OUTCOMES = Schema(
    "outcomes.csv",
    "Totals of a session of a pair, from a laboratory's sheet (`python -m recording.import_outcomes SPEC.toml -o DIR`).",
    (
        PAIR,
        text("name", "what the laboratory calls the pair"),
        whole("session", "session of the pair, from 0, or the sheet's own number"),
        text("date", "day, as 2023-04-13"),
        PHASE,
        number("window_s", "window of the rule", "s"),
        text("divider", "open, perforated, transparent_perforated, transparent (no holes), opaque or unknown"),
        text("role", "social, opaque, or other: a divider that counts as neither"),
        yes_no("evaluated", "whether the session counts for success and the ratio of social to opaque"),
        whole("attempts", "attempts, as the laboratory counts them"),
        whole("correct", "rewarded attempts of the pair"),
        whole("correct_other", "those of the second animal, where the sheet has another number for it", empty=True),
        number("duration_s", "length of the session", "s", empty=True),
        text("place", "sheet and cell that the row was read from"),
    ),
    ("pair", "session"),
)

POSTERIOR = Schema(
    "posterior.csv",
    "A draw of the posterior of a fit (`python -m sims.fit EXPERIMENT`); after these a column for every free parameter.",
    (
        whole("number", "point of the bank that it comes from, its place in the manifest"),
        number("weight", "weight of the draw; all together are 1"),
    ),
    ("number",),
)
