"""A graphics card: how many pairs its memory holds at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil, inf

import jax

from marl import population
from marl.population import bytes_of, shapes
from params.errors import UserError
from params.schema.grid import GridParameters, TrainingPhase
from sims.grid.pair import plan_of, rule_of, updates_of

PROBED = 16  # pairs at most to see what one takes; if no more are asked, what is compiled for them is what they are trained by
USED = 0.9  # of the memory that JAX takes of a card, so that there is room between arrays


@dataclass(frozen=True)
class Fit:
    """Pairs that a card trains at once. card: its name; pair_bytes: what each takes."""

    pairs: int
    card: str
    pair_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.pairs} {'pairs' if self.pairs > 1 else 'pair'} at once on {self.card}, {self.pair_bytes / 1e6:.0f} MB a pair"
        )


def fit_on_card(params: GridParameters, n_pairs: int) -> Fit:
    """As many of the pairs as the card holds at once; if it does not hold all, equal parts of them, so that few programs are compiled.

    Raises
    ------
    UserError
        It does not hold a single one.
    """
    card, probed = jax.local_devices()[0], min(n_pairs, PROBED)
    pair_bytes = ceil(population_bytes(params, probed) / probed)
    room = USED * float((card.memory_stats() or {}).get("bytes_limit", inf))
    holds = int(min(n_pairs, room // pair_bytes))
    if holds == 0:
        raise UserError(
            f"a pair takes {pair_bytes / 1e9:.1f} GB, {card.device_kind} has {room / 1e9:.1f} GB for it; "
            "lower training.environments, network.units or recording.session, or run on the processor with JAX_PLATFORMS=cpu"
        )
    n_populations = ceil(n_pairs / holds)
    return Fit(ceil(n_pairs / n_populations), card.device_kind, pair_bytes)


def population_bytes(params: GridParameters, n_pairs: int) -> int:
    """Memory that so many pairs take at once, in the larger of the two programs that keep every step: training and recorded play."""
    trained = [phase for _, phase in params.schedule.phases if isinstance(phase, TrainingPhase)]
    phase = trained[-1] if trained else params.schedule.coop_training
    plan = plan_of(params, phase)
    states = shapes(plan, params.network, n_pairs)
    training = population.train.lower(plan, states, updates_of(params, phase))
    playing = population.play.lower(rule_of(params, phase.task), states.policy, states.key, params.recording.session_steps)
    return max(bytes_of(program.compile()) for program in (training, playing))


@contextmanager
def naming_full_card() -> Iterator[None]:
    """A card whose memory runs out is said in one line."""
    try:
        yield
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" not in str(error):
            raise
        raise UserError(
            "the card's memory is used up; close what else runs on it, or take less of it with XLA_PYTHON_CLIENT_MEM_FRACTION=0.4"
        ) from None
