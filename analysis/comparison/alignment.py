"""Do units carry the partner on the axes on which they carry their own animal?

Each z-scored unit is regressed on the own state and the partner's together (distance to the divider, distance from the ports' end, at the
port, about to poke, port armed; each twice), in each half of the session. The weights of one variable over units are its axis, of
several the basis of a subspace. Overlap of own and partner of dimension d is the mean squared cosine of their principal angles,

    overlap = |Q_own' Q_partner|^2 / d,    Q orthonormal bases;

for d = 1 the squared cosine, whose sign is given beside it: above 0, a unit that fires when its animal pokes fires when the partner
does. The own axis is of one half and the partner's of the other, so errors that one regression makes in both do not count, and what is
not coded reliably does not overlap; how reliable the partner's axis is (its overlap with itself between halves) is the ceiling.

Chance are pairs of random axes, of the same dimension, drawn from the normal distribution with the activity's own covariance
[elsayed2016]: activity that lives in few dimensions makes any two axes overlap.
"""

from dataclasses import dataclass

import numpy as np

from analysis.behaviour.kinematics import armed
from analysis.comparison.conditions import HALVES
from analysis.neural.decoding.partner_information import own_and_partner
from analysis.neural.inputs.activity import changing, z_scored
from params.schema.measures import Analysis
from recording import Session

VARIABLES = ("side", "depth", "at_port", "about_to_poke", "armed")
CODES = {"place": ("side", "depth"), "at_port": ("at_port",), "about_to_poke": ("about_to_poke",)}
NAN = float("nan")


@dataclass(frozen=True, eq=False)
class Alignment:
    """One animal's, of one of `CODES`. overlap; cosine, NaN for more than one dimension; reliability of the partner's axis; null
    [draws], overlap of random axes."""

    overlap: float
    cosine: float
    reliability: float
    null: np.ndarray


def alignment(session: Session, agent: int, analysis: Analysis, rng: np.random.Generator) -> dict[str, Alignment]:
    """Every code of one animal; NaN where a variable does not change in a half.

    Raises
    ------
    RecordingError
        If the session holds no rates, or no cell ever changes.
    """
    activity = z_scored(changing(session, agent))
    own, partner = (state(session, each, analysis) for each in (agent, 1 - agent))
    weights = encoding(activity, np.concatenate([own, partner], axis=1), analysis.compare.blocks)
    null_of = random_overlaps(activity, analysis.compare.random_axes, rng)
    return {name: of_code(weights, [VARIABLES.index(each) for each in wanted], null_of) for name, wanted in CODES.items()}


def state(session: Session, agent: int, analysis: Analysis) -> np.ndarray:
    """`VARIABLES` of one animal [T, 5]; places are mirrored at the divider, so that both animals' read alike."""
    found = own_and_partner(session, 1 - agent, analysis)
    side, depth = np.abs(found["partner_position"][:, 0]), found["partner_position"][:, 1]
    columns = (side, depth, found["partner_at_port"], found["partner_about_to_poke"], armed(session, agent))
    return np.column_stack(columns).astype(np.float64)


def encoding(activity: np.ndarray, predictors: np.ndarray, blocks: int) -> np.ndarray:
    """Least-squares weights [half, p, unit] of z-scored predictors [T, p] on activity [T, unit]; NaN for a predictor that is constant."""
    half_of = np.arange(len(activity)) * blocks // len(activity) % HALVES
    return np.stack([_fitted(activity[half_of == half], predictors[half_of == half]) for half in range(HALVES)])


def _fitted(activity: np.ndarray, predictors: np.ndarray) -> np.ndarray:
    scale = predictors.std(axis=0)
    design = (predictors - predictors.mean(axis=0)) / np.where(scale > 0, scale, 1)
    weights = np.linalg.lstsq(design, activity - activity.mean(axis=0, dtype=np.float64), rcond=None)[0]
    weights[scale == 0] = np.nan
    return weights


def overlap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Mean squared cosine of the principal angles of subspaces spanned by the columns of A, B [..., n, d]: without bases at hand,
    tr((A'A)^-1 A'B (B'B)^-1 B'A) / d."""
    across = _products(first, second)
    projected = np.linalg.solve(_products(first, first), across) @ np.linalg.solve(
        _products(second, second), np.swapaxes(across, -1, -2)
    )
    return np.trace(projected, axis1=-2, axis2=-1) / first.shape[-1]


def _products(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.einsum("...ni,...nj->...ij", first, second)


def random_overlaps(activity: np.ndarray, draws: int, rng: np.random.Generator) -> dict[int, np.ndarray]:
    """Overlaps [draws] of pairs of random axes with the activity's covariance, by dimension, 1 and 2.

    Drawn on the covariance's own axes, where they are independent: overlaps do not depend on the basis.
    """
    variances = np.maximum(np.linalg.eigvalsh(np.cov(activity, rowvar=False, dtype=np.float64)), 0.0)
    scale = np.sqrt(variances[variances > 1e-9 * variances.max()])[:, None]
    return {d: overlap(*(scale * rng.normal(size=(draws, len(scale), d)) for _ in range(2))) for d in (1, 2)}


def of_code(weights: np.ndarray, columns: list[int], null: dict[int, np.ndarray]) -> Alignment:
    """One code from the weights [half, own and partner, unit] of all variables."""
    n, d = weights.shape[1] // 2, len(columns)
    own, partner = (np.swapaxes(weights[:, [first + each for each in columns]], 1, 2) for first in (0, n))
    if not (np.isfinite(own).all() and np.isfinite(partner).all() and own.any(axis=1).all() and partner.any(axis=1).all()):
        return Alignment(NAN, NAN, NAN, np.full_like(null[d], NAN))
    crossed = [(own[0], partner[1]), (own[1], partner[0])]
    return Alignment(
        float(np.mean([overlap(*pair) for pair in crossed])),
        float(np.mean([_cosine(*pair) for pair in crossed])) if d == 1 else NAN,
        float(overlap(*partner)),
        null[d],
    )


def _cosine(first: np.ndarray, second: np.ndarray) -> float:
    return float(first.ravel() @ second.ravel() / (np.linalg.norm(first) * np.linalg.norm(second)))
