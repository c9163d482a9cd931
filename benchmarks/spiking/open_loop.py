"""One network under steady senses, by every simulator there is: ms of a simulated second, with which noise, and its mean rate."""

from benchmarks.spiking import brian2_peer, nest_peer
from benchmarks.spiking.exposure import Exposure, contender, contender_on_tape, rate_hz
from benchmarks.timing import interleaved

OWN, TAPE, NONE = "own noise", "on a tape", "no noise"


def measure(of: Exposure, repeats: int, compile_cpp: bool) -> dict[str, dict[str, float]]:
    """ms of one simulated second by name of the simulator and its noise, and mean rates in Hz."""
    double = of.in_double()
    ours = {
        f"kernel, float32, {OWN}": contender(of),
        f"kernel, float32, {TAPE}": contender_on_tape(of),
        f"kernel, float64, {OWN}": contender(double),
        f"kernel, float64, {TAPE}": contender_on_tape(double),
    }
    times = interleaved(ours, 3 * repeats)
    taken = {name: 1e3 * float(times[name].min()) / of.seconds for name in ours}
    rates = {f"kernel, float32, {OWN}": rate_hz(of), f"kernel, float64, {OWN}": rate_hz(double)}
    if brian2_peer.missing() is None:
        for target in ("cython", "numpy"):
            taken[f"Brian2, {target}, {OWN}"] = 1e3 * brian2_peer.open_loop_s(double, "native", target, repeats)
        for noise, name in (("native", OWN), (double.normal, TAPE)) if compile_cpp else ():
            taken[f"Brian2, C++, {name}"] = 1e3 * brian2_peer.standalone_s(double, noise, repeats)
    if nest_peer.missing() is None:
        for with_noise, name in ((True, OWN), (False, NONE)):
            second_s, rates[f"NEST, {name}"] = nest_peer.open_loop_s(of, with_noise, repeats)
            taken[f"NEST, {name}"] = 1e3 * second_s
    return {"ms_per_s": taken, "rate_hz": rates}


def lines(found: dict[str, dict[str, float]], of: Exposure) -> list[str]:
    """What the command prints."""
    taken, rates = found["ms_per_s"], found["rate_hz"]
    fastest = {noise: taken[f"kernel, float32, {noise}"] for noise in (OWN, TAPE)}
    out = [f"open loop, one network, {of.seconds:g} s   ms a simulated second   times ours, float32 with the same noise"]
    for name, ms in taken.items():
        ours = fastest.get(name.rpartition(", ")[2])
        rate = f"   {rates[name]:.2f} Hz" if name in rates else ""
        out.append(f"  {name:32s}{ms:14.2f}{f'{ms / ours:14.1f}' if ours else ' ' * 14}{rate}")
    return out + [f"  {why}: skipped" for why in (brian2_peer.missing(), nest_peer.missing()) if why]
