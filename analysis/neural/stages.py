"""Which sessions of a pair the cells are compared between: those early and late in training, with and without sight of the partner."""

from analysis.run_directory import RunDirectory, SessionFile
from recording import holds_rates

EARLY, LATE, SOCIAL, OPAQUE = "early", "late", "social", "opaque"
STAGES = (EARLY, LATE, SOCIAL, OPAQUE)
EVALUATIONS = {SOCIAL: "evaluation_social", OPAQUE: "evaluation_opaque"}
NO_RATES = 'the run kept no cell rates; recording.rates = ["all"] keeps them'


def stages_of(run: RunDirectory) -> dict[tuple[int, str], SessionFile]:
    """(pair, stage) -> session, of those whose rates were kept.

    early, late: the first and the last session of cooperative training, if there are two; social, opaque: the last evaluation
    through a clear and through an opaque divider.

    Raises
    ------
    RecordingError
        If a file is no recording.
    """
    kept = [file for file in run.sessions if _matters(file) and holds_rates(file.path)]
    found: dict[tuple[int, str], SessionFile] = {}
    for pair in sorted({file.pair for file in kept}):
        own = [file for file in kept if file.pair == pair]
        training = [file for file in own if file.phase.startswith("coop_")]
        if len(training) > 1:
            found |= {(pair, EARLY): training[0], (pair, LATE): training[-1]}
        for stage, phase in EVALUATIONS.items():
            evaluations = [file for file in own if file.phase == phase]
            if evaluations:
                found[pair, stage] = evaluations[-1]
    return found


def _matters(file: SessionFile) -> bool:
    return file.phase.startswith("coop_") or file.phase in EVALUATIONS.values()
