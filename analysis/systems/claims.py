"""The findings F1-F10, each in one line: those of a run's own report and those on pairs that are acted on."""

from analysis.agents import AGENT_CLAIMS
from analysis.neural.verdicts import CELL_CLAIMS
from analysis.systems.differences import in_order
from analysis.verdicts import CLAIMS

ACTED_CLAIMS = {
    "F7": "Silencing lowers cooperation, and spares the rest",
    "F9": "Ablating the units that carry the partner costs cooperation, more than matched units do",
}
ALL_CLAIMS = dict(sorted((CLAIMS | CELL_CLAIMS | AGENT_CLAIMS | ACTED_CLAIMS).items(), key=lambda each: in_order(each[0])))
BESIDE = {"F9_raw": "Ablating the units that carry the partner costs more than ablating random units"}  # only if a run was asked
