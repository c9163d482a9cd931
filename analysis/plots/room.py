"""The room from above at a moment: animals, their ways, ports and lights, what is perceived, pokes, windows and outcomes."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, Rectangle, Wedge

from analysis.plots.style import INK, MICE, MUTED
from analysis.scene.brains import Brains
from analysis.scene.scene import Scene

TRAIL_S, FADE_S, TRAIL_PARTS = 3.0, 0.8, 40  # of watching
LIGHT, DARK, GOOD, BAD, WATER, TOUCH = "#ffd84d", "#e4e7eb", "#1d4e89", "#b5432a", "#2f8fc4", "#b8336a"


class Room:
    """Axes with a room in them, whose animals are moved from frame to frame; the divider runs left to right, as in the replay."""

    def __init__(self, axes: Axes, scene: Scene, brains: Brains) -> None:
        self._axes, self._scene = axes, scene
        self._decoded = [brain.decoded if brain else None for brain in brains.brains]
        self._dot = max(0.021 * (scene.room.y[1] - scene.room.y[0]), 0.2 * scene.clock.square)
        self._moving: list[Artist] = []
        self._walls = _walls(axes, scene)

    def artists(self, time: float, zero: float) -> list[Artist]:
        """All that moves at a time of the session, from back to front, till the next call; the clock counts from `zero`."""
        while self._moving:
            self._moving.pop().remove()
        self._tell(time, zero)
        for agent in range(2):
            self._range(agent, time)
            self._places(agent, time)
            self._trail(agent, time)
        self._interaction(time)
        self._events(time)
        for agent in range(2):
            self._said(agent, time)
        for agent in range(2):
            self._animal(agent, time)
        self._window(time)
        return self._moving

    def _tell(self, time: float, zero: float) -> None:
        clock, (_, top) = self._scene.clock, self._axes.get_ylim()
        words = f"step {np.floor(time + 1e-4):.0f}" if clock.square else f"{time - zero:+.2f} {clock.time}"
        self._text(np.array([top, self._scene.room.y[0]]), words, va="bottom", fontsize=10, fontweight="bold")

    def _text(self, place: np.ndarray, words: str, **looks: Any) -> None:
        self._moving.append(self._axes.text(place[1], place[0], words, **looks))

    def _disc(self, centre: np.ndarray, radius: float, **looks: Any) -> None:
        self._moving.append(self._axes.add_patch(Circle((centre[1], centre[0]), radius, **looks)))

    def _line(self, first: np.ndarray, second: np.ndarray, **looks: Any) -> None:
        self._moving += self._axes.plot([first[1], second[1]], [first[0], second[0]], **looks)

    def _range(self, agent: int, time: float) -> None:
        reach = self._scene.sensory_range
        if reach is None:
            return
        nose = self._scene.nose(agent, time)
        self._disc(nose, reach, fc=to_rgba(MICE[agent], 0.08), ec=to_rgba(MICE[agent], 0.55), ls=(0, (3, 3)), lw=1)
        self._moving[-1].set_clip_path(self._walls)
        if agent and np.hypot(*(nose - self._scene.nose(0, time))) <= reach:
            self._line(nose, self._scene.nose(0, time), color=MUTED, lw=1)

    def _places(self, agent: int, time: float) -> None:
        at, dot = self._scene.sample(time), self._dot
        lit = bool(self._scene.lights[at, agent])
        self._disc(self._scene.spouts[at, agent], 0.95 * dot, fc="#bfe3f5", ec="#5aa9cf", lw=1.5, clip_on=False)
        self._disc(
            self._scene.ports[at, agent], dot, fc=LIGHT if lit else DARK, ec="#8a6d00" if lit else MUTED, lw=1.5, clip_on=False
        )

    def _trail(self, agent: int, time: float) -> None:
        back = TRAIL_S * self._scene.clock.pace
        ways = np.array(
            [self._scene.nose(agent, each) for each in np.linspace(max(time - back, self._scene.start), time, TRAIL_PARTS + 1)]
        )
        parts = np.stack([ways[:-1, ::-1], ways[1:, ::-1]], axis=1)
        strength = np.linspace(0, 1, TRAIL_PARTS)
        colours = [to_rgba(MICE[agent], 0.55 * share) for share in strength]
        self._moving.append(self._axes.add_collection(LineCollection(list(parts), colors=colours, linewidths=1 + 4 * strength)))

    def _interaction(self, time: float) -> None:
        bouts = self._scene.interaction
        if ((bouts[:, 0] <= time) & (time <= bouts[:, 1])).any():
            self._line(self._scene.nose(0, time), self._scene.nose(1, time), color=TOUCH, lw=4)

    def _events(self, time: float) -> None:
        fade = FADE_S * self._scene.clock.pace
        for kind, draw in (("poke", self._poke), ("empty_poke", self._poke), ("drink", self._drink)):
            for each in self._scene.events_of(kind):
                if each["start"] <= time <= max(each["stop"], each["start"] + self._scene.step):
                    draw(int(each["agent"]), time, MICE[each["agent"]] if kind == "poke" else MUTED)
        for kind, show in (("correct", self._correct), ("miss", self._miss), ("click", self._click)):
            for each in self._scene.events_of(kind):
                if 0 <= time - each["start"] <= fade:
                    show(int(each["agent"]), float(each["start"]), (time - each["start"]) / fade)

    def _poke(self, agent: int, time: float, colour: str) -> None:
        self._disc(
            self._scene.ports[self._scene.sample(time), agent], 1.5 * self._dot, fc="none", ec=colour, lw=2.5, clip_on=False
        )

    def _drink(self, agent: int, time: float, colour: str) -> None:
        self._disc(self._scene.nose(agent, time), 1.6 * self._dot, fc="none", ec=WATER, lw=2.5, clip_on=False)

    def _correct(self, agent: int, start: float, passed: float) -> None:
        port, alpha = self._scene.ports[self._scene.sample(start), agent], 1 - 0.8 * passed
        self._disc(port, (1.6 + 2.2 * passed) * self._dot, fc="none", ec=to_rgba(GOOD, alpha), lw=2.5, clip_on=False)

    def _miss(self, agent: int, start: float, passed: float) -> None:
        port = self._scene.ports[self._scene.sample(start), agent]
        colour = to_rgba(BAD, 1 - 0.8 * passed)
        self._moving += self._axes.plot(port[1], port[0], "x", color=colour, ms=16 + 12 * passed, mew=3, clip_on=False)

    def _click(self, agent: int, start: float, passed: float) -> None:
        for heard in (0, 1) if agent < 0 else (agent,):
            spout = self._scene.spouts[self._scene.sample(start), heard]
            faded = to_rgba(INK, 1 - 0.8 * passed)
            self._text(spout - np.array([0, 1.4 * self._dot]), "(((", ha="right", va="center", fontsize=11, color=faded)

    def _said(self, agent: int, time: float) -> None:
        decoded, partner = self._decoded[agent], self._scene.nose(1 - agent, time)
        said = None if decoded is None else decoded[self._scene.sample(time)]
        if said is None or np.isnan(said).any():
            return
        (low_x, high_x), (low_y, high_y) = self._scene.room
        said = np.clip(said, (low_x - self._dot, low_y - self._dot), (high_x + self._dot, high_y + self._dot))
        self._line(said, partner, color=MICE[agent], lw=0.9, ls=":", clip_on=False)
        self._moving += self._axes.plot(said[1], said[0], "D", mfc="white", mec=MICE[agent], mew=1.8, ms=8, clip_on=False)

    def _animal(self, agent: int, time: float) -> None:
        nose = self._scene.nose(agent, time)
        self._disc(nose, 1.1 * self._dot, fc=MICE[agent], ec="white", lw=1.5, clip_on=False)
        self._text(nose, str(agent + 1), ha="center", va="center_baseline", color="white", fontsize=9, fontweight="bold")

    def _window(self, time: float) -> None:
        for each in self._scene.attempts:
            left = each["opened"] + self._scene.window - time
            if not each["opened"] <= time <= each["closed"] or left < 0:
                continue
            port, colour = self._scene.ports[self._scene.sample(time), each["opener"]], MICE[each["opener"]]
            top, turned = -90, 360 * left / self._scene.window  # the axis points down: angles grow clockwise
            ring = Wedge(
                (port[1], port[0]), 2.4 * self._dot, top, top + turned, width=0.5 * self._dot, fc=colour, lw=0, clip_on=False
            )
            self._moving.append(self._axes.add_patch(ring))
            self._text(
                port + np.array([0, 3 * self._dot]), f"{self._left(left)} left", va="center", fontweight="bold", fontsize=9
            )

    def _left(self, span: float) -> str:
        clock = self._scene.clock
        return clock.span(round(span)) if clock.square else f"{span:.2f} {clock.time}"


def _walls(axes: Axes, scene: Scene) -> Rectangle:
    """Draw what stays, and return the walls."""
    (low_x, high_x), (low_y, high_y) = scene.room
    over = 0.075 * (high_y - low_y)
    axes.set_xlim(low_y - over, high_y + over)
    axes.set_ylim(high_x + over, low_x - over)
    axes.set_aspect("equal")
    axes.axis("off")
    walls = Rectangle((low_y, low_x), high_y - low_y, high_x - low_x, fc="#fafbfc", ec="#9aa5b1", lw=1.2)
    axes.add_patch(walls)
    if scene.clock.square:
        axes.hlines(np.arange(low_x, high_x, scene.clock.square), low_y, high_y, color="#dde2e7", lw=0.7)
        axes.vlines(np.arange(low_y, high_y, scene.clock.square), low_x, high_x, color="#dde2e7", lw=0.7)
    axes.plot([low_y, high_y], [0, 0], color=INK, lw=4 if scene.opaque else 1.8, ls="-" if scene.opaque else (0, (4, 3)))
    return walls
