"""How time, space and animals of a recording are counted and called. The only place where mice and agents of the grid differ here.

Mice live in seconds and centimetres, agents of the grid in steps and cells; a second is never invented for them. Everywhere else in
the analysis a name that ends in `_s` or `_cm` holds the recording's own unit of time or space, and words come from its `Clock`.
"""

from dataclasses import dataclass

from recording import RecordingError, Session


@dataclass(frozen=True)
class Clock:
    """Numbers in units of time and space; words for people.

    Attributes
    ----------
    unit : attribute `time_unit` of the recordings
    time, space, area : names of the units
    square : width of the squares that the room consists of, 0 for none
    per : shares of time are given for every so long, called per_name
    stretch : length of the excerpt that is drawn and replayed, called stretch_name; events are counted for every so long
    lag_bin : width of a bin of lags
    distances : lower ends of the bins of a partner's distance from its port, the last without an upper end
    occupancy : lowest and highest time in a square, of maps, for every `per`
    long : unit of long durations, called long_name
    pace : units of time in a second of the replay, said in pace_name
    episode : stretches in which the study's own chance is counted; None without
    signals : names of what is analysed of the cells
    animal, animals : what they are called
    about_words : how the words of definitions are to be read
    """

    unit: str
    time: str
    space: str
    area: str
    square: float
    per: float
    per_name: str
    stretch: float
    stretch_name: str
    lag_bin: float
    distances: tuple[float, ...]
    occupancy: tuple[float, float]
    long: float
    long_name: str
    pace: float
    pace_name: str
    episode: int | None
    signals: tuple[str, ...]
    animal: str
    animals: str
    about_words: str

    def span(self, duration: float) -> str:
        """A duration with its unit: "0.75 s", "1 step", "2 steps"."""
        return f"{duration:g} {self.unit if duration == 1 else self.time}"


SECONDS = Clock(
    unit="s",
    time="s",
    space="cm",
    area="cm²",
    square=0.0,
    per=60.0,
    per_name="min",
    stretch=60.0,
    stretch_name="minute",
    lag_bin=0.25,
    distances=(0, 4, 8, 12, 16, 20, 24, 28),
    occupancy=(0.02, 20.0),
    long=3600.0,
    long_name="hours",
    pace=1.0,
    pace_name="in real time",
    episode=None,
    signals=("rate", "dff"),
    animal="mouse",
    animals="mice",
    about_words="",
)
STEPS = Clock(
    unit="step",
    time="steps",
    space="cells",
    area="cell",
    square=1.0,
    per=100.0,
    per_name="100 steps",
    stretch=200.0,
    stretch_name="200 steps",
    lag_bin=1.0,
    distances=(1, 2, 3, 4, 5, 6, 7),
    occupancy=(0.5, 20.0),
    long=1000.0,
    long_name="thousand steps",
    pace=5.0,
    pace_name="5 steps a second",
    episode=200,
    signals=("activity",),
    animal="agent",
    animals="agents",
    about_words="The words are those of the mice: an animal is an agent, its nose the cell it is on, a spout its water, a cell that is "
    "tuned or grouped a hidden unit of its network. A cell as a unit of length is one of the grid.",
)
CLOCKS = {clock.unit: clock for clock in (SECONDS, STEPS)}


def clock_of(session: Session) -> Clock:
    """The clock of a recording."""
    return CLOCKS[session.attributes["time_unit"]]


def middle_stretch(session: Session) -> tuple[float, float]:
    """Start and stop of a session's middle minute, or as many steps as its clock says."""
    stretch = clock_of(session).stretch
    start = max(0.0, session.duration / 2 - stretch / 2)
    return start, min(session.duration, start + stretch)


def common_clock(clocks: list[Clock]) -> Clock:
    """The one clock of all sessions of a run.

    Raises
    ------
    RecordingError
        If there are several: nothing could be pooled.
    """
    found = {each.unit: each for each in clocks}
    if len(found) != 1:
        raise RecordingError(f"sessions on {len(found)} clocks ({', '.join(sorted(found))}); a run has one time_unit")
    return next(iter(found.values()))
