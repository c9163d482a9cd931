"""Cluster files: the shipped ones are good, and a bad one says in a line what is wrong with it."""

from pathlib import Path

import pytest

from params.cluster import CLUSTERS, read_cluster
from params.errors import ParameterError

GOOD = 'description = "ours"\ntime = "4 h"\n'
BAD = {
    'description = "ours"': "time: missing",
    GOOD.replace('"4 h"', "4"): 'time = 4: needs a unit: write it as text, such as "4 s"',
    GOOD.replace("4 h", "30 s"): "time = 30 s: Input should be greater than or equal to 60 s",
    GOOD + 'memroy = "8 GB"': "key 'memroy' is unknown; did you mean memory? allowed: description, partition",
    GOOD + 'memory = "8 G"': 'memory = "8 G": "8 G" is not a number with a known unit; did you mean "8 GB"?',
    GOOD + 'memory = "8 h"': '"8 h" is not a quantity in MB; allowed: MB, GB, TB',
    GOOD + 'fill = "5 h"': "fill = 18000 s must be shorter than time = 14400 s",
    GOOD + 'cpus = "2"': "cpus = \"2\": Input should be a valid integer; write 2",
    GOOD + "throttle = 0": "throttle = 0: Input should be greater than or equal to 1",
    GOOD + 'options = ["--array=0-9"]': "--array is said by the sweep itself",
    GOOD + 'options = ["-c 4"]': 'is no option; write it as "--name=value"',
    GOOD + 'setup = "module load gcc"': 'setup = "module load gcc": Input should be a valid list; write setup=["module load gcc"]',
    GOOD + '[environment]\n"A B" = "1"': "String should match pattern",
    "time": "not valid TOML",
}  # fmt: skip


@pytest.mark.parametrize("path", list(CLUSTERS.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_clusters(path: Path) -> None:
    assert read_cluster(path.stem).time_s > 0


def test_values_have_their_units() -> None:
    cluster = read_cluster("example")
    assert (cluster.time_s, cluster.memory_mb, cluster.fill_s, cluster.warning_s) == (14400, 4096, 1800, 300)


@pytest.mark.parametrize("text", BAD)
def test_one_line_says_what_is_wrong(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ParameterError) as caught:
        read_cluster(path)
    assert BAD[text] in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_misspelt_name() -> None:
    with pytest.raises(ParameterError, match="cluster 'exampel' is unknown; did you mean example"):
        read_cluster("exampel")
