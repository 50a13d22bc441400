"""Checkpoints: a training run kept in a folder, to be gone on with at any time.

    checkpoint.npz   weights, optimizer, generator, settings and log: everything
    best.npz         the network when it knew the validation pieces best,
                     or the last one if there are none

`checkpoint.npz` is one file, so that it is always of one moment: there is no time
at which new weights stand beside an old optimizer.
"""

import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from lstmviz.files import load_arrays, save_arrays
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.optimizers import OPTIMIZERS, Adadelta, Adam
from lstmviz.network.settings import Settings

__all__ = ["BEST", "CHECKPOINT", "LOGGED", "Run", "load_run", "save_run"]

CHECKPOINT, BEST = "checkpoint.npz", "best.npz"
LOGGED = ("loss", "norm", "learning_rate", "seconds", "total", "play", "articulate")


@dataclass
class Run:
    """A training run at one moment.

    Attributes
    ----------
    net : Biaxial
    settings : Settings
    optimizer : Adam or Adadelta
    rng : numpy.random.Generator
        All that is drawn at random comes from here.
    music : int
        Checksum of the pieces, so that no run goes on with others by mistake.
    log : list of dict
        A row for each step taken; its keys are some of `LOGGED`.
    """

    net: Biaxial
    settings: Settings
    optimizer: Adam | Adadelta
    rng: np.random.Generator
    music: int
    log: list

    @staticmethod
    def begin(net, pieces, settings, folder):
        """Return a run that has taken no step yet, with a folder made for it."""
        settings = Settings(**settings)
        if folder is not None:
            if (Path(folder) / CHECKPOINT).exists():
                raise ValueError(
                    f"{folder}: holds a training run already; "
                    "go on with it (resume), or name another folder"
                )
            Path(folder).mkdir(parents=True, exist_ok=True)
        optimizer = OPTIMIZERS[settings.optimizer]()
        rng = np.random.default_rng(settings.seed)
        return Run(net, settings, optimizer, rng, checksum(pieces), [])

    def history(self):
        """Return the log as a dict of arrays, one number a step; nan where none."""
        return {
            name: np.array([row.get(name, np.nan) for row in self.log])
            for name in LOGGED
        }

    def is_best(self):
        """Say whether the last step's validation loss is the lowest so far.

        As long as there is none, the last network is the best there is.
        """
        totals = [row["total"] for row in self.log if "total" in row]
        return not totals or self.log[-1].get("total") == min(totals)


def save_run(folder, run):
    """Write the network apart if it is the best so far, and then the checkpoint.

    In this order a run that is killed in between finds the best network again.
    """
    if run.is_best():
        run.net.save(Path(folder) / BEST)
    arrays = {f"weights/{name}": w for name, w in run.net.parameters.items()}
    arrays |= {f"optimizer/{name}": a for name, a in run.optimizer.memory.items()}
    arrays |= {f"log/{name}": a for name, a in run.history().items()}
    arrays["settings"] = np.array(json.dumps(asdict(run.settings)))
    arrays["music"] = np.array(run.music)
    arrays["generator"] = np.array(json.dumps(run.rng.bit_generator.state))
    save_arrays(Path(folder) / CHECKPOINT, arrays)


def load_run(folder, net, pieces, changes):
    """Read a checkpoint into `net`, and return the run to go on with.

    Parameters
    ----------
    folder : path
    net : Biaxial
        Of the same shape; takes over the weights.
    pieces : sequence of ndarray
        The music that the run was begun with.
    changes : dict
        Settings that shall differ from now on. Only `steps` can: the music up to
        here was drawn by the others.

    Raises
    ------
    ValueError
        There is no checkpoint, it is damaged, or it does not fit.
    """
    path = Path(folder or ".") / CHECKPOINT
    arrays = load_arrays(path)
    try:
        settings = json.loads(str(arrays.pop("settings")))
        state = json.loads(str(arrays.pop("generator")))
        music = int(arrays.pop("music"))
        parts = {"weights": {}, "optimizer": {}, "log": {}}
        for name, array in arrays.items():
            part, _, key = name.partition("/")
            parts[part][key] = array
        if music != checksum(pieces):
            raise ValueError("it was begun with other music")
        shapes = {name: w.shape for name, w in net.parameters.items()}
        if {name: w.shape for name, w in parts["weights"].items()} != shapes:
            raise ValueError("its network has other layers")
        for name, value in changes.items():
            if name != "steps" and value not in (None, settings[name]):
                raise ValueError(
                    f"it was begun with {name} {settings[name]}, not {value}; "
                    "only steps can change"
                )
        settings = Settings(**(settings | changes))
        rng = np.random.default_rng()
        rng.bit_generator.state = state
        columns = [parts["log"][name] for name in LOGGED]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: cannot be gone on with ({error})") from None
    net.parameters = parts["weights"]
    optimizer = OPTIMIZERS[settings.optimizer]()
    optimizer.memory = parts["optimizer"]
    log = [
        {n: float(x) for n, x in zip(LOGGED, row, strict=True) if not np.isnan(x)}
        for row in zip(*columns, strict=True)
    ]
    return Run(net, settings, optimizer, rng, music, log)


def checksum(pieces):
    """Return the CRC-32 of some pieces of music, in their order."""
    sum = 0
    for states in pieces:
        sum = zlib.crc32(np.ascontiguousarray(states), sum)
    return sum
