"""Kill programs at random moments, and see whether what they leave is right.

    python tests/stress/kills.py --kills 50 [--seed 0]

A training run is killed and resumed until all its steps are taken: its weights must be
those of a run without a break, to the last bit. Files that are written again and again
by a process that is killed must be whole after each kill, and the next write must leave
no temporary file beside them.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from tqdm import trange

import lstmviz as lv
from lstmviz.arrays import load_arrays, save_arrays
from lstmviz.network.checkpoints import CHECKPOINT

SETTINGS = dict(batch=2, length=16, save_every=2, validate_every=3, dropout=0.3)
STEPS = 300
WRITE = (
    "import sys, numpy as np\n"
    "from lstmviz.arrays import save_arrays\n"
    "print(flush=True)\n"
    "for number in range(10**9):\n"
    "    save_arrays({'a': np.full(300_000, number)}, sys.argv[1])\n"
)
TRAIN = (
    "import sys; sys.path.insert(0, sys.argv[2])\n"
    "import kills; print(flush=True); kills.train(sys.argv[1])\n"
)


def train(folder):
    """Take all steps that are left, and return the weights."""
    pieces = [lv.song("musette")[:96], lv.song("ode-to-joy")[:96]]
    net = lv.Biaxial((6,), (4,), seed=0)
    resume = folder is not None and (Path(folder) / CHECKPOINT).exists()
    settings = {} if resume else SETTINGS
    lv.train(net, pieces, pieces[:1], folder, resume=resume, steps=STEPS, **settings)
    return net.parameters


def killed(code, path, seconds):
    """Start a program, and kill it so many seconds after it has begun to work."""
    command = [sys.executable, "-c", code, path, Path(__file__).parent]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--kills", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    rng, straight, resumed = np.random.default_rng(options.seed), train(None), 0
    with tempfile.TemporaryDirectory() as folder:
        run, path, other = (Path(folder, name) for name in ("run", "a.npz", "b.npz"))
        for number in trange(options.kills, unit="kill"):
            killed(WRITE, path, rng.exponential(0.2))
            if path.exists():
                assert len(np.unique(load_arrays(path)["a"])) == 1
            save_arrays({"a": np.zeros(1)}, other)
            assert {p.name for p in path.parent.iterdir()} <= {"a.npz", "b.npz", "run"}

            killed(TRAIN, run, rng.exponential(0.5))
            done = 0
            if (run / CHECKPOINT).exists():
                done = len(load_arrays(run / CHECKPOINT)["log/loss"])
            if done == STEPS or number == options.kills - 1 or rng.random() < 0.1:
                for name, weights in train(run).items():
                    np.testing.assert_array_equal(weights, straight[name])
                resumed += 1
                for left in run.iterdir():
                    left.unlink()
    print(f"{2 * options.kills} kills; {resumed} resumed runs equal to the last bit")


if __name__ == "__main__":
    main()
