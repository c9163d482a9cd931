"""Success of each pair of a side, its chance, and the ratio of social to opaque, from the counts of sessions alone.

The sessions of a pair are pooled: corrects over attempts, so that a long session weighs more than a short one. Success can be held
against two kinds of chance. Shifted pokes need the times of pokes. Behind an opaque divider the same pair plays the same task without
sight of each other, which is an empirical chance and needs no times; it also holds what cooperation by sound or smell there is.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.comparison.sides.side import OPAQUE, SOCIAL, Side

NO_OPAQUE = "no evaluated session behind an opaque divider"
NO_SOCIAL = "no evaluated session with the partner in sight"
RULES = ("sessions pooled", "mean of sessions", "median of sessions")


def pooled(role: str, side: Side) -> np.ndarray | str:
    """Corrects over attempts of every pair's evaluated sessions of a role [pairs]."""
    sessions = side.chosen(role)
    if not sessions["attempts"].sum():
        return NO_SOCIAL if role == SOCIAL else NO_OPAQUE
    counts = sessions.groupby("pair")[["correct", "attempts"]].sum().reindex(side.pairs)
    return (counts["correct"] / counts["attempts"].where(counts["attempts"] > 0)).to_numpy(float)


def chance(side: Side) -> np.ndarray | str:
    """Chance of shifted pokes in the evaluated social sessions, weighted by attempts [pairs]."""
    if "pokes" in side.lacks:
        return side.lacks["pokes"]
    sessions = side.chosen(SOCIAL)
    sessions = sessions[sessions["chance"].notna() & (sessions["attempts"] > 0)]
    if sessions.empty:
        return NO_SOCIAL
    weighted = sessions.assign(by_chance=sessions["chance"] * sessions["attempts"])
    counts = weighted.groupby("pair")[["by_chance", "attempts"]].sum().reindex(side.pairs)
    return (counts["by_chance"] / counts["attempts"]).to_numpy(float)


def over_chance(side: Side) -> np.ndarray | str:
    """Success less chance of shifted pokes [pairs]."""
    return _less(pooled(SOCIAL, side), chance(side))


def over_opaque(side: Side) -> np.ndarray | str:
    """Success less that behind the opaque divider [pairs]."""
    return _less(pooled(SOCIAL, side), pooled(OPAQUE, side))


def _less(seen: np.ndarray | str, expected: np.ndarray | str) -> np.ndarray | str:
    if isinstance(seen, str) or isinstance(expected, str):
        return seen if isinstance(seen, str) else expected
    return seen - expected


def ratio(side: Side) -> np.ndarray | str:
    """Success in sight over success behind the opaque divider [pairs], sessions pooled.

    Opaque sessions without any correct count as one correct, so that the ratio is finite and no larger than the truth.
    """
    seen, blind = pooled(SOCIAL, side), pooled(OPAQUE, side)
    if isinstance(seen, str) or isinstance(blind, str):
        return seen if isinstance(seen, str) else blind
    counts = side.chosen(OPAQUE).groupby("pair")[["correct", "attempts"]].sum().reindex(side.pairs)
    blind = (counts["correct"].clip(lower=1) / counts["attempts"].where(counts["attempts"] > 0)).to_numpy(float)
    return seen / blind


@dataclass(frozen=True)
class ByRule:
    """Social and opaque success and their ratio, medians over the n pairs that have both."""

    rule: str
    social: float
    opaque: float
    ratio: float
    n: int


def by_rules(side: Side) -> list[ByRule]:
    """The same three numbers by each of `RULES`; empty without opaque sessions. A pair whose opaque sessions have no correct counts as in
    `ratio` where sessions are pooled, and not where they are not."""
    found = []
    for rule in RULES:
        social, opaque = (_of_sessions(side, role, rule) for role in (SOCIAL, OPAQUE))
        over = ratio(side) if rule == RULES[0] else social / np.where(opaque > 0, opaque, np.nan)
        if isinstance(over, str):
            return []
        both = np.isfinite(over)
        middle = [float(np.median(each[both])) if both.any() else float("nan") for each in (social, opaque, over)]
        found.append(ByRule(rule, middle[0], middle[1], middle[2], int(both.sum())))
    return found


def _of_sessions(side: Side, role: str, rule: str) -> np.ndarray:
    sessions = side.chosen(role)
    if rule == RULES[0]:
        found = pooled(role, side)
        return np.full(len(side.pairs), np.nan) if isinstance(found, str) else found
    by_pair = sessions[sessions["attempts"] > 0].groupby("pair")["success"]
    return (by_pair.mean() if rule == RULES[1] else by_pair.median()).reindex(side.pairs).to_numpy(float)


@dataclass(frozen=True)
class OverSessions:
    """Median, 5th and 95th percentile of success over n sessions, pairs not told apart: a pair with more of them weighs more."""

    middle: float
    low: float
    high: float
    n: int


def over_sessions(side: Side, role: str) -> OverSessions:
    """Success over all evaluated sessions of a role."""
    values = side.chosen(role)["success"].dropna().to_numpy(float)
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)) if len(values) else [float("nan")] * 3
    return OverSessions(float(middle), float(low), float(high), len(values))


@dataclass(frozen=True)
class Dyad:
    """One pair: sessions and success, social then opaque; their ratio. p_value: one-sided, of Mann and Whitney's test of its social against
    its opaque sessions, NaN with fewer than `FEWEST_SESSIONS` of either."""

    name: str
    sessions: tuple[int, int]
    success: tuple[float, float]
    ratio: float
    p_value: float


FEWEST_SESSIONS = 3


def dyads(side: Side) -> list[Dyad]:
    """Every pair of a side, social then opaque."""
    nothing = np.full(len(side.pairs), np.nan)
    found = [pooled(SOCIAL, side), pooled(OPAQUE, side), ratio(side)]
    values = [nothing if isinstance(each, str) else each for each in found]
    rows = []
    for place, pair in enumerate(side.pairs):
        own = [side.chosen(role) for role in (SOCIAL, OPAQUE)]
        sessions = [each.loc[each["pair"] == pair, "success"].dropna() for each in own]
        enough = min(map(len, sessions)) >= FEWEST_SESSIONS
        p_value = float(stats.mannwhitneyu(*sessions, alternative="greater").pvalue) if enough else float("nan")
        social, opaque, over = (float(each[place]) for each in values)
        rows.append(Dyad(side.names[pair], (len(sessions[0]), len(sessions[1])), (social, opaque), over, p_value))
    return rows


def above_chance(level: float, side: Side) -> np.ndarray | str:
    """Whether a pair is above chance of shifted pokes [pairs], 1 or 0: its evaluated social sessions by Fisher's method, p < level."""
    if "pokes" in side.lacks:
        return side.lacks["pokes"]
    sessions = side.chosen(SOCIAL)
    known = sessions[sessions["p_value"].notna()]
    if known.empty:
        return "no evaluated session with a p-value"
    p_values = known.groupby("pair")["p_value"].agg(lambda each: stats.combine_pvalues(each).pvalue)
    return (p_values < level).astype(float).reindex(side.pairs).to_numpy(float)
