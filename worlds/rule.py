"""The rule of cooperation: when two pokes count as one success."""

from compute.kernel import kernel

NOTHING, CORRECT, MISS = 0, 1, 2


@kernel
def poke(opener, remaining, agent, window_steps):
    """An armed poke: it opens a window, or closes the partner's. Returns CORRECT or NOTHING.

    opener [1]: who opened the window, -1 for none. remaining [1]: steps left in it. Two pokes up to `window_steps` apart count;
    another poke of the opener changes nothing.
    """
    if opener[0] == agent:
        return NOTHING
    if opener[0] >= 0:
        opener[0] = -1
        return CORRECT
    opener[0] = agent
    remaining[0] = window_steps
    return NOTHING


@kernel
def pass_step(opener, remaining):
    """One physics step goes by. Returns the agent whose window ran out without the partner (a miss), or -1."""
    if opener[0] < 0:
        return -1
    if remaining[0] == 0:
        missed = opener[0]
        opener[0] = -1
        return missed
    remaining[0] -= 1
    return -1
