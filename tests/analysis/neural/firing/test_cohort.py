"""How the cells of a run fire: the table, its numbers over pairs, what the report shows; and a run without spikes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.core.run import open_run
from analysis.findings import analysed
from analysis.neural.by_signal import NOT_ANALYSED
from analysis.neural.firing.cohort import FiringCohort, cortex_of, measure_firing, number_of
from analysis.neural.firing.table import FIRING, table_of_firing
from analysis.neural.inputs.stages import LATE, STAGES, stages_of
from analysis.plots.neural.firing import TITLES, firing_figure
from analysis.plots.neural.spikes import spikes_figure, stretch_of
from analysis.plots.style import save
from analysis.report.training import write_report
from analysis.run_tables import read_tables
from recording import holds_spikes, read_session, write_session
from recording.table import as_csv
from tests.fixtures.figures import undrawn
from tests.fixtures.planted import FEW, UNIT_CLASS, growing, run_of
from tests.fixtures.spiking import growing_spiking


@pytest.fixture(scope="module")
def spiking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of(tmp_path_factory.mktemp("spiking"), growing_spiking, 1, FEW)


@pytest.fixture(scope="module")
def cohort(spiking: Path) -> FiringCohort:
    found = measure_firing(open_run(spiking), 2)
    assert found is not None
    return found


def test_every_stage_and_animal(cohort: FiringCohort) -> None:
    assert [each.stage for each in cohort.measures] == list(STAGES)
    assert all(len(each.by_agent) == 2 for each in cohort.measures)
    assert cohort.stage == LATE
    assert cohort.classes == list(dict.fromkeys(UNIT_CLASS))


def test_the_fixtures_poisson_spikes_are_found(cohort: FiringCohort) -> None:
    """Rates of the session; CV2 near 1 though rates change."""
    assert cohort.estimate("rate", "exc").value == pytest.approx(11, abs=2)
    assert cohort.estimate("cv2", "all").value == pytest.approx(1.0, abs=0.05)
    firing = cohort.animals[0]
    assert number_of(firing, "correlation", "exc") == pytest.approx(np.nanmean(firing.correlations("exc", "exc")), rel=1e-4)
    assert cohort.estimate("rate", "vip").n == 0


def test_the_table(cohort: FiringCohort) -> None:
    table = table_of_firing(cohort)
    assert len(table) == len(STAGES) * 2 * (3 * 5 + 4)
    assert table.groupby("measure")["other"].unique()["rate"].tolist() == [""]
    assert (table["lower"] <= table["upper"])[table["n"] > 0].all()
    assert as_csv(table, FIRING)


def test_workers_do_not_matter(spiking: Path, cohort: FiringCohort) -> None:
    again = measure_firing(open_run(spiking), 1)
    assert again is not None
    assert as_csv(table_of_firing(again), FIRING) == as_csv(table_of_firing(cohort), FIRING)


def test_cortex(cohort: FiringCohort) -> None:
    assert cortex_of(cohort.settings, "rate", "exc") == (0.63, 4.1)
    assert cortex_of(cohort.settings, "cv", "anything") == (0.7, 1.3)
    assert cortex_of(cohort.settings, "rate", "all") is None
    assert cortex_of(cohort.settings, "log_rate_sd", "pv") is None
    assert cortex_of(cohort.settings, "cv2", "exc") is None


def test_the_report_shows_it(spiking: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysed, "analyse_cells", lambda *_: NOT_ANALYSED)
    with undrawn():
        write_report(spiking, 2, say=lambda line: None)
    page = (spiking / "report.html").read_text()
    assert "<h2>How the cells fire</h2>" in page
    assert 'id="spikes"' in page
    assert 'id="firing"' in page
    assert "<dt>How cells fire</dt>" in page
    assert "cortex 0.63 to 4.10" in page
    assert "ordered by class" in page
    assert list(read_tables(spiking)["firing"].columns) == FIRING.names


def test_the_figure_has_a_panel_for_every_class_and_number(cohort: FiringCohort, tmp_path: Path) -> None:
    figure = firing_figure(cohort)
    assert [axes.get_title(loc="left") or axes.get_title() for axes in figure.axes][2:] == [*TITLES.values()]
    assert len(figure.axes) == len(cohort.classes) + len(TITLES)
    save(lambda: firing_figure(cohort), tmp_path / "firing")


def test_the_raster_is_ordered_by_group_class_and_rate(spiking: Path) -> None:
    session = read_session(stages_of(open_run(spiking))[0, LATE].path)
    start, stop = stretch_of(session, 0, 20.0)
    pokes = session.events_of("poke", 0)["start"]
    assert stop - start == pytest.approx(20.0)
    assert np.abs(pokes - (start + stop) / 2).min() < 1e-6
    labels = np.repeat([1, 0, -1], 8)
    _, axes = spikes_figure(session, 0, 20.0, labels).axes
    assert [each.get_text() for each in axes.get_yticklabels()] == ["group 1", "group 2", "no group"]
    _, axes = spikes_figure(session, 0, 20.0, labels[:5]).axes  # of other cells
    assert [each.get_text() for each in axes.get_yticklabels()] == ["exc", "pv"]
    drawn = sum(len(each.get_segments()) for each in axes.collections)
    own = session.spikes["time"][session.spikes["agent"] == 0]
    assert drawn == ((own >= start) & (own < stop)).sum()


def test_a_run_without_spikes_has_no_firing(tmp_path: Path) -> None:
    assert measure_firing(open_run(run_of(tmp_path, growing, 1, FEW)), 1) is None


def test_an_animal_that_is_a_signal_is_left_out(tmp_path: Path) -> None:
    path = run_of(tmp_path, growing_spiking, 1, FEW)
    files = stages_of(open_run(path))
    for (_, stage), file in files.items():
        session = read_session(file.path)
        rates = session.rates.copy()
        rates[:, 1] = 0
        spikes = session.spikes[session.spikes["agent"] == 0] if stage == LATE else None
        write_session(file.path, replace(session, rates=rates, spikes=spikes))
        assert holds_spikes(file.path) == (stage == LATE)
    found = measure_firing(open_run(path), 1)
    assert found is not None
    (only,) = found.measures
    assert [agent for agent, _ in only.by_agent] == [0]
