"""Run a condition: `python -m sims.run coop_075s`."""

import argparse
import sys
from pathlib import Path

from params import GridParameters, ParameterError, Resolved, list_conditions, resolve
from params.command import Parser, at_least, command_line, guarded
from params.footprint import require_memory
from params.load import resolve_onto
from sims.execution.command import add_run_arguments, begun, changed, default_directory
from sims.grid.schedule import divider_of, sessions_of
from sims.interventions.doses import arms_of
from sims.schedule import longest
from sims.store.manifest import engine_in, resumed
from sims.store.trained import TrainedRun, check_same_brain, open_trained

ENGINES = ("compiled", "brian2")
PAIRS = 8  # unless told otherwise; below six there is no verdict


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m sims.run",
        description="Train pairs of simulated mice, or of agents on the grid, under a condition, and report what they do. "
        "With --from RUN: silence cells of the trained mice of a finished run.",
        epilog='examples: python -m sims.run coop_075s --pairs 2 --set senses.partner_range="8 cm"; '
        "python -m sims.run inhibit_acc --from runs/coop_075s_seed0",
    )
    parser.add_argument("condition", nargs="?", help="what to run, such as coop_075s; --list shows all conditions")
    parser.add_argument("--list", action="store_true", help="print every condition with a line that describes it, and stop")
    parser.add_argument(
        "--from",
        type=Path,
        dest="source",
        metavar="RUN",
        help="finished run whose pairs are silenced; for the conditions inhibit_* and lesion_*",
    )
    parser.add_argument(
        "--pairs", type=at_least(1), help="number of pairs (default: 8, or with --from all pairs of RUN); a verdict needs 6"
    )
    parser.add_argument(
        "--seed", type=at_least(0, 2**63 - 1), help="seed of all random numbers (default: 0, or with --from the seed of RUN)"
    )
    parser.add_argument(
        "--behaviour-only",
        action="store_true",
        help="leave the cells out of the report of trained pairs, as for many runs in a row",
    )
    parser.add_argument(
        "--signals",
        type=Path,
        metavar="RUN",
        help="finished run of coop_075s whose trained mice signals replay; for the condition signal_075s",
    )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        help="what runs the cells of spiking brains: kernels, or Brian2, 30 times slower or more (default: compiled, or that of the run "
        "that is resumed)",
    )
    add_run_arguments(parser, "runs/CONDITION_seedSEED")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code, as `guarded`."""
    return guarded(lambda: _main(_parser().parse_args(arguments)))


def _main(options: argparse.Namespace) -> None:
    if options.list:
        width = max(len(name) for name in list_conditions())
        for name, description in list_conditions().items():
            print(f"{name:{width}s}  {description}")
        return
    if not options.condition and options.resume and options.out:
        options.condition = resumed(options.out)[1]["condition"]
    if not options.condition:
        raise ParameterError(f"no condition given; allowed: {', '.join(list_conditions())}")
    resolved = resolve(options.condition, options.set, options.quick)
    if options.signals and not _has_signals(resolved):
        raise ParameterError(f"--signals: in {options.condition} nothing is replayed; allowed: signal_075s")
    if not isinstance(resolved.params, GridParameters) and resolved.mouse.silencing.target != "none":
        _silence(options)
    elif options.source is not None:
        raise ParameterError(f"--from: {options.condition} trains from nothing; conditions inhibit_* and lesion_* take a run")
    else:
        _train(options, resolved)


def _train(options: argparse.Namespace, resolved: Resolved) -> None:
    on_grid = isinstance(resolved.params, GridParameters)
    seed, pairs = options.seed, options.pairs
    run_dir = options.out or Path("runs") / f"{options.condition}_seed{seed or 0}{'_quick' if options.quick else ''}"
    if before := begun(run_dir, options):
        own, facts = before
        seed, pairs = facts["seed"] if seed is None else seed, pairs or facts["pairs"]
        resolved = resolved if changed(options) or own.condition != options.condition else own
    engine = options.engine or (engine_in(before[1]).get("name") if before else None)
    seed, pairs = seed or 0, pairs or PAIRS
    if on_grid:
        if engine not in (None, "compiled"):
            raise ParameterError(f"--engine {engine}: {resolved.condition} has agents of the grid, not brains; allowed: compiled")
        if options.dry_run:
            _print_grid_plan(resolved, pairs)
            return
        from sims.grid.run import run_grid

        run_grid(run_dir, resolved, seed, pairs, options.workers, options.resume)
    else:
        from acc_model.models import refuse_unknown
        from sims.mice.run import engine_named, run_mice, signals_for

        cells = engine_named(engine, resolved.mouse)
        refuse_unknown(resolved.mouse)
        signals = signals_for(resolved, options.signals, run_dir if before else None) if _has_signals(resolved) else None
        if options.dry_run:
            _print_plan(resolved, pairs)
            return
        require_memory(resolved.mouse, min(pairs, options.workers))
        run_mice(run_dir, resolved, seed, pairs, options.workers, options.resume, signals, cells)
    print(f"report: {_report(run_dir, options.workers, options.behaviour_only, on_grid)}")


def _has_signals(resolved: Resolved) -> bool:
    return not isinstance(resolved.params, GridParameters) and resolved.mouse.partner.kind == "signal"


def _report(run_dir: Path, workers: int, behaviour_only: bool, on_grid: bool) -> str:
    """Analyse a run, of mice's cells their rates; the page, and what adds to it."""
    print("analysing", flush=True)
    from analysis.neural.inputs.signals import rate
    from analysis.report.training import write_report

    signals = None if on_grid else {"rate": rate}
    page = write_report(run_dir, workers, behaviour_only, signals, say=lambda line: print(line, flush=True))
    if on_grid and not behaviour_only:
        return str(page)
    more = "its cells" if behaviour_only else "fluorescence beside its cells' rates"
    return f"{page}; {more}: {command_line('analysis.report', run_dir)}"


def _silence(options: argparse.Namespace) -> None:
    if options.engine not in (None, "compiled"):
        raise ParameterError(
            f"--engine {options.engine}: {options.condition} silences cells, which only the compiled engine does"
        )
    if options.behaviour_only:
        raise ParameterError(f"--behaviour-only: {options.condition} silences trained pairs; this is for runs that train")
    if options.source is None:
        raise ParameterError(f"{options.condition} silences trained pairs: say of which run, --from RUN")
    trained = open_trained(options.source)
    seed, most = trained.facts["seed"], trained.facts["pairs"]
    if options.seed not in (None, seed):
        raise ParameterError(f"--seed = {options.seed}: silencing keeps the seed of its run, {seed}")
    run_dir = options.out or default_directory(options.condition, trained, options.quick)
    before = begun(run_dir, options)
    pairs = options.pairs or (before[1]["pairs"] if before else most)
    if pairs > most:
        raise ParameterError(f"--pairs = {pairs}: {options.source} has {most}")
    if before and before[0].condition == options.condition and not changed(options):
        resolved = before[0]
    else:
        resolved = resolve_onto(options.source / "params.toml", options.condition, options.set, options.quick)
    check_same_brain(trained, resolved.mouse)
    if options.dry_run:
        _print_arms(trained, resolved, pairs)
        return
    from sims.interventions.silencing_run import run_silencing

    page = run_silencing(run_dir, trained, resolved, pairs, options.workers, options.resume)
    print(f"report: {page}")


def _print_arms(trained: TrainedRun, resolved: Resolved, pairs: int) -> None:
    silencing, arms = resolved.mouse.silencing, arms_of(resolved.mouse)
    print(f"{resolved.condition} of {trained.path}, {pairs} pairs, parameters {resolved.digest}")
    print(f"  {silencing.target}, {silencing.when}, {silencing.who}, doses {', '.join(map(str, silencing.doses))}")
    for name in dict.fromkeys(arm.name for arm in arms):
        of_name = [arm for arm in arms if arm.name == name]
        print(
            f"  {name:16s} {len(of_name)} sessions, window {of_name[0].phase.window_s:g} s, {of_name[0].phase.divider} divider, frozen"
        )
    print(f"  {len(arms) * silencing.session_s / 3600:g} h of mouse time a pair")


def _print_plan(resolved: Resolved, pairs: int) -> None:
    print(f"{resolved.condition}, {pairs} pairs, parameters {resolved.digest}")
    hours = 0.0
    for name, phase, phase_hours in longest(resolved.mouse.schedule):
        at_most = " at most" if phase.until_rewards_per_min else ""
        print(
            f"  {name:18s} {phase.sessions:3d} sessions{at_most}, {phase.task}, window {phase.window_s:g} s, {phase.divider} divider, "
            f"{'plastic' if phase.plastic else 'frozen'}"
        )
        hours += phase_hours
    decisions = hours * 3600.0 / resolved.mouse.time.decision_s * pairs
    print(f"  {hours:g} h of mouse time a pair, {decisions:.3g} decisions in all")


def _print_grid_plan(resolved: Resolved, pairs: int) -> None:
    params = resolved.grid
    print(f"{resolved.condition}, {pairs} pairs, parameters {resolved.digest}")
    for name, phase in params.schedule.phases:
        trained = [session.trained for session in sessions_of(params) if session.phase_name == name]
        steps = (
            f"{max(trained)} step of training each"
            if len(set(trained)) == 1
            else f"{min(trained)} to {max(trained)} step of training"
        )
        learning = steps if max(trained) else "frozen"
        print(
            f"  {name:18s} {phase.sessions:3d} sessions, {phase.task}, window {params.world.window_steps} step, "
            f"{divider_of(params, phase)} divider, {learning}"
        )
    total = sum(session.trained for session in sessions_of(params))
    print(
        f"  {total:.3g} steps of training a pair, {total * pairs:.3g} in all; {params.recording.session_steps} recorded a session"
    )


if __name__ == "__main__":
    sys.exit(main())
