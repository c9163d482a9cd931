"""A finished run as the source of trained pairs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from params import AnyParameters, ExperimentParameters, Resolved
from params.errors import UserError
from params.schema.mice import Parameters
from sims.store.manifest import engine_in, resumed
from sims.store.state_file import read_place, state_files

# what gives a brain its cells, graphs, channels and clock: a manipulation must leave it as the run had it
BRAIN_SHAPE = {
    "partner": {"kind"},
    "brain": None,
    "time": None,
    "cells": None,
    "connectivity": None,
    "afferents": None,
    "senses": {"place_spacing_cm", "channels_per_cue", "channels_per_partner_field"},
    "chamber": {"length_cm", "width_cm"},
    "plasticity": {"rule", "feedback_spread", "consolidation_s"},
}
NETWORK_SHAPE = {"network": None, "world": {"height", "sees_partner"}}  # the same of networks on the grid


@dataclass(frozen=True)
class TrainedRun:
    """A finished run: where it is, its own parameters, and its run.json."""

    path: Path
    resolved: Resolved
    facts: dict[str, Any]

    @property
    def source(self) -> dict[str, Any]:
        """What a run made from this one says of it."""
        keys = ("condition", "seed", "digest", "code_version", "signals", "engine")
        return {key: self.facts[key] for key in keys if key in self.facts}


def open_trained(run_dir: Path, option: str = "--from") -> TrainedRun:
    """Read a finished run, which was asked for by an option.

    Raises
    ------
    UserError
        No such directory, no run in it, a run of another kind, or one that was not finished.
    """
    if not (run_dir / "run.json").is_file():
        raise UserError(f"{option} {run_dir}: no run.json; allowed: the directory of a finished training run")
    resolved, facts = resumed(run_dir)
    if isinstance(resolved.params, ExperimentParameters):
        raise UserError(f"{option} {run_dir}: is an experiment; allowed: the directory of a finished training run")
    if "source" in facts:
        raise UserError(f"{option} {run_dir}: is itself a manipulation ({facts['condition']}); allowed: a training run")
    if not facts.get("complete", False):
        raise UserError(f"{option} {run_dir}: was not finished; go on with it first (--resume)")
    if engine_in(facts).get("neuron", "lif") != "lif":
        raise UserError(
            f"{option} {run_dir}: its cells have equations of their own, which only run in Brian2; allowed: other runs"
        )
    return TrainedRun(run_dir, resolved, facts)


def check_same_brain(trained: TrainedRun, params: AnyParameters) -> None:
    """Refuse parameters, of the run's own side, under which its brains could not have been built.

    Raises
    ------
    UserError
        Names the first parameter that differs, and both values.
    """
    built, asked = _brain_shape(trained.resolved.params), _brain_shape(params)
    for key, value in built.items():
        if asked[key] != value:
            raise UserError(f"{key} = {asked[key]!r} shapes brains, and those of {trained.path} were trained with {value!r}")


def _brain_shape(params: AnyParameters) -> dict[str, Any]:
    return {
        key: value
        for table, fields in (BRAIN_SHAPE if isinstance(params, Parameters) else NETWORK_SHAPE).items()
        for key, value in _flat(getattr(params, table).model_dump(include=fields), table).items()
    }


def _flat(tree: dict[str, Any], name: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{name}.{key}") if isinstance(value, dict) else {f"{name}.{key}": value}
    return flat


def find_state(trained: TrainedRun, index: int) -> Path:
    """File of a pair's state at the end of its last training phase."""
    phases = [name for name, _ in trained.resolved.simulated.schedule.phases]
    training = [place for place, name in enumerate(phases) if not name.startswith("evaluation")]
    if not training:
        raise UserError(f"--from {trained.path}: its schedule trains nobody")
    path = state_after(trained, index, training[-1] + 1)
    if path is None:
        raise UserError(f"{trained.path / 'checkpoints'}: no state of pair {index} at the end of {phases[training[-1]]}")
    return path


def state_after(trained: TrainedRun, index: int, phases: int) -> Path | None:
    """File of a pair's state after so many phases of its schedule (0: naive), None without one."""
    for path in state_files(trained.path / "checkpoints", index):
        place = read_place(path)
        if (place.phase, place.within) == (phases, 0):
            return path
    return None
