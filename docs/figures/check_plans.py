"""Is it the partner that better pairs' cells carry, or the animal's own plan? `python -m docs.figures.check_plans RUN RUN ...`.

Two animals about to poke together each hold a plan that tells of the other. So what their cells tell of the partner is taken net of own
behaviour as in the report, then also net of the own coming poke (which of five horizons it falls into), then also net of own behaviour
of the next 2 s. The last is stricter than the question: it takes out whatever the partner makes an animal do. Prints medians over all
pairs of the runs and their correlation with success in the social evaluation, with intervals.
"""

import argparse
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.behaviour.cohort import SOCIAL as SOCIAL_PHASE
from analysis.behaviour.cohort import Cohort
from analysis.behaviour.kinematics import happening
from analysis.behaviour.session import measure_session
from analysis.core.run import open_run
from analysis.neural.association import association
from analysis.neural.decoding.decoding import decode, frame_shifts
from analysis.neural.decoding.partner_information import PARTNER_TARGETS, own_and_partner, rates_of
from analysis.neural.inputs.own_behaviour import own_behaviour
from analysis.neural.inputs.stages import SOCIAL, stages_of
from params.schema.measures import Analysis
from recording import Session, read_session

HORIZONS_S = (0.25, 0.5, 0.75, 1.0, 1.5)
AHEAD_S = (0.5, 1.0, 1.5, 2.0)
NUISANCES = ("own behaviour", "and own coming poke", "and own behaviour to come")


def nuisances(session: Session, agent: int, analysis: Analysis) -> list[np.ndarray]:
    """Three designs [T, m], each holding the one before."""
    own = own_behaviour(session, agent, analysis.decoding, analysis.ethogram.speed_baseline_s)
    pokes = session.events_of("poke", agent)["start"]
    coming = np.column_stack([happening(session.time, pokes - horizon, pokes) for horizon in HORIZONS_S])
    later = [own[np.minimum(np.arange(len(own)) + round(ahead / session.step), len(own) - 1)] for ahead in AHEAD_S]
    return [own, np.hstack([own, coming]), np.hstack([own, coming, *later])]


def net_scores(session: Session, analysis: Analysis) -> np.ndarray:
    """Net share [nuisance, target], mean of the two animals."""
    few = analysis.decoding.model_copy(update={"null_draws": 1})
    found = np.empty((2, len(NUISANCES), len(PARTNER_TARGETS)))
    for agent in range(2):
        told = own_and_partner(session, agent, analysis)
        targets = {name: told[name] for name in PARTNER_TARGETS}
        shifts = frame_shifts(session.time, few, np.random.default_rng(0))
        for place, nuisance in enumerate(nuisances(session, agent, analysis)):
            decoded = decode(rates_of(session, agent), targets, session.time, shifts, few, nuisance)
            found[agent, place] = [decoded[name].finding.score for name in PARTNER_TARGETS]
    return found.mean(axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m docs.figures.check_plans", description=(__doc__ or "").split("`")[0])
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="runs with cells in their social evaluation")
    scores, success = [], []
    with threadpool_limits(1, "blas"):
        for path in parser.parse_args().runs:
            run = open_run(path)
            analysis = run.resolved.params.analysis
            for (_, stage), file in stages_of(run).items():
                if stage == SOCIAL:
                    session = read_session(file.path)
                    measured = measure_session(session, run.resolved.params, np.random.default_rng(0))
                    success.append(Cohort([measured]).evaluations(SOCIAL_PHASE)[0].success)
                    scores.append(net_scores(session, analysis))
    values = np.array(scores)
    for place, nuisance in enumerate(NUISANCES):
        for target, name in enumerate(PARTNER_TARGETS):
            column = values[:, place, target]
            r = association(column, np.array(success)).pearson
            print(f"net of {nuisance:26s} {name:24s} median {np.median(column):.2f}  with success r = {r}, n = {r.n}")


if __name__ == "__main__":
    main()
