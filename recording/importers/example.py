"""A session of the model as a laboratory would have it: a tracker's file in pixels, a box's events on another clock, pulses of both, and
the TOML that tells the rest. What is imported from them can be held against the session itself."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas
import tomli_w

from recording.atomic import write_text
from recording.session import Session

CM_PER_PIXEL = 0.05
ORIGIN = (400.0, 850.0)  # pixel of the divider's end at the ports; y of a picture grows downwards
OFFSET_S, DRIFT = -3.25, 40e-6  # time of the camera = offset + (1 + drift) time of the box
ANIMALS = ("black", "white")
LABELS = {"arm": "light_on", "poke": "nosepoke", "empty_poke": "nosepoke_dark", "drink": "lick"}
PULSE_S = (2.0, 6.0)  # from one pulse to the next


def write_laboratory(session: Session, width_cm: float, length_cm: float, folder: Path) -> Path:
    """Write a session of mice as DeepLabCut, a box and its pulses would have left it; returns the TOML that imports it.

    Parameters
    ----------
    session : in s and cm, of two mice, with one event at least
    width_cm, length_cm : of one compartment
    folder : made if it is not there

    Raises
    ------
    UserError
        A file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pulses = np.cumsum(np.random.default_rng(0).uniform(*PULSE_S, int(session.duration / PULSE_S[1])))
    write_text(folder / "camera.csv", _pose(session))
    events = _events(session)
    write_text(folder / "box.csv", events.to_csv(index=False, float_format="%.6f", lineterminator="\n"))
    for name, times in (("camera", pulses), ("box", _box(pulses))):
        write_text(folder / f"pulses_{name}.txt", "".join(f"{each:.6f}\n" for each in times))
    write_text(folder / "session.toml", tomli_w.dumps(_told(session, events, width_cm, length_cm)))
    return folder / "session.toml"


def _box(camera_s: np.ndarray) -> np.ndarray:
    return (camera_s - OFFSET_S) / (1 + DRIFT)


def _pixels(cm: Any) -> np.ndarray:
    return np.asarray(cm, np.float64) / CM_PER_PIXEL * (1, -1) + ORIGIN


def _pose(session: Session) -> str:
    """As DeepLabCut writes two animals, one point each."""
    columns = pandas.MultiIndex.from_product(
        [["model"], ANIMALS, ["nose"], ["x", "y", "likelihood"]], names=["scorer", "individuals", "bodyparts", "coords"]
    )
    sure = np.full((len(session.time), 1), 0.99)
    values = [block for mouse in range(2) for block in (_pixels(session.tracks[:, mouse]), sure)]
    return str(pandas.DataFrame(np.hstack(values), columns=columns).to_csv(float_format="%.4f", lineterminator="\n"))


def _events(session: Session) -> pandas.DataFrame:
    """What a box saw, in order of time."""
    parts = [
        pandas.DataFrame({"time": _box(session.events_of(kind, mouse)["start"]), "animal": ANIMALS[mouse], "kind": label})
        for kind, label in LABELS.items()
        for mouse in range(2)
    ]
    return pandas.concat(parts).sort_values("time")


def _told(session: Session, events: pandas.DataFrame, width_cm: float, length_cm: float) -> dict[str, Any]:
    """All that the files do not say."""
    facts = session.attributes
    animals = {
        f"agent_{mouse}": {
            "name": f"M{2 * facts['pair'] + mouse}",
            "tracks": "top",
            "track": name,
            "point": "nose",
            "port": _pixels(facts["port"][mouse]).tolist(),
            "spout": _pixels(facts["spout"][mouse]).tolist(),
        }
        for mouse, name in enumerate(ANIMALS)
    }
    return {
        "experiment": {"name": "example", "final_window": "0.75 s", "width": f"{width_cm} cm", "length": f"{length_cm} cm"},
        "session": {
            **{key: facts[key] for key in ("pair", "session", "phase", "task", "divider")},
            "window": f"{facts['window']} s",
            "clock": "camera",
            "start": "0 s",
            "stop": f"{session.duration} s",
            "sample_step": "camera",
            "event_step": f"{facts['event_step']} s",
        },
        "space": {
            "y": "down",
            "pixel_size": f"{CM_PER_PIXEL} cm",
            "divider": [_pixels((0, 0)).tolist(), _pixels((0, length_cm)).tolist()],
        },
        "animals": animals,
        "tracks": {
            "top": {
                "file": "camera.csv",
                "clock": "camera",
                "frame_rate": f"{1 / session.step} Hz",
                "least_likelihood": 0.9,
                "largest_speed": "200 cm/s",
                "longest_gap": "0.3 s",
                "read": {"format": "deeplabcut"},
            }
        },
        "events": {
            "box": {
                "file": "box.csv",
                "clock": "box",
                "armed": "every poke",
                "kinds": {label: kind for kind, label in LABELS.items() if (events.kind == label).any()},
                "subjects": {name: f"agent_{mouse}" for mouse, name in enumerate(ANIMALS) if (events.animal == name).any()},
                "read": {"format": "plain", "time_unit": "s"},
            }
        },
        "clocks": {"box": {"pulses": "pulses_box.txt", "session_pulses": "pulses_camera.txt", "tolerance": "2 ms"}},
    }
