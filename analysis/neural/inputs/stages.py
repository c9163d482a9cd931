"""Which sessions of a pair the cells are compared between: before cooperation, early and late in it, with and without sight of the
partner."""

from analysis.core.run import RunDirectory, SessionFile
from recording import holds_rates

SOLO, EARLY, LATE, SOCIAL, OPAQUE = "solo", "early", "late", "social", "opaque"
TRAINING = (EARLY, LATE)
WITH_PARTNER = (*TRAINING, SOCIAL, OPAQUE)
STAGES = (SOLO, *WITH_PARTNER)
COMPARED_IN_TUNING = (SOLO, *TRAINING)
PRETRAINING = "pretraining"
EVALUATIONS = {SOCIAL: "evaluation_social", OPAQUE: "evaluation_opaque"}
NO_RATES = 'the run kept no cell rates; recording.rates = ["all"] keeps them'


def stages_of(run: RunDirectory) -> dict[tuple[int, str], SessionFile]:
    """(pair, stage) -> session, of those whose rates were kept.

    solo: the last session of solo pre-training; early, late: the first and the last session of cooperative training, if there are
    two; social, opaque: the last evaluation through a clear and through an opaque divider.

    Raises
    ------
    RecordingError
        If a file is no recording.
    """
    kept = [file for file in run.sessions if _matters(file) and holds_rates(file.path)]
    found: dict[tuple[int, str], SessionFile] = {}
    for pair in sorted({file.pair for file in kept}):
        own = [file for file in kept if file.pair == pair]
        solo = [file for file in own if file.phase == PRETRAINING]
        if solo:
            found[pair, SOLO] = solo[-1]
        training = [file for file in own if file.phase.startswith("coop_")]
        if len(training) > 1:
            found |= {(pair, EARLY): training[0], (pair, LATE): training[-1]}
        for stage, phase in EVALUATIONS.items():
            evaluations = [file for file in own if file.phase == phase]
            if evaluations:
                found[pair, stage] = evaluations[-1]
    return found


def _matters(file: SessionFile) -> bool:
    return file.phase.startswith("coop_") or file.phase in (PRETRAINING, *EVALUATIONS.values())
