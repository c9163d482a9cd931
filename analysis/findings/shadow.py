"""The verdicts of a shadow run: F5_shadow and F6_causal."""

from analysis.findings import f5, f6
from analysis.findings.verdict import Verdict
from analysis.interventions.shadow_cohort import ShadowFindings

CLAIMS = {"F5_shadow": f5.CLAIM_SHADOW, "F6_causal": f6.CLAIM_CAUSAL}


def judge_shadows(findings: ShadowFindings) -> dict[str, Verdict]:
    """Verdict on each claim."""
    return {"F5_shadow": f5.judge_f5_shadow(findings), "F6_causal": f6.judge_f6_causal(findings)}
