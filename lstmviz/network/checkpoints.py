"""Checkpoints: a training run saved in a folder, from which it can be resumed.

    checkpoint.npz   weights, optimizer, generator, settings and log: everything
    best.npz         the network with the lowest validation loss, or the last one
                     if there are no validation pieces

`checkpoint.npz` is one file, so that all its parts are of the same step.
"""

import json
import zlib
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from lstmviz.arrays import load_arrays, save_arrays
from lstmviz.locks import locked
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.optimizers import OPTIMIZERS, Adadelta, Adam
from lstmviz.network.schemas import LOGGED, checkpoint_schema, under
from lstmviz.network.settings import Settings

__all__ = [
    "BEST",
    "CHECKPOINT",
    "Run",
    "check_new",
    "load_run",
    "run_folder",
    "save_run",
]

CHECKPOINT, BEST = "checkpoint.npz", "best.npz"
# What settings and the state of a generator raise if they are not what they should be.
DAMAGED = KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError
LOCK = ".lock"  # exists while a run is at work; see `files.locked`


@dataclass
class Run:
    """A training run at one step.

    Attributes
    ----------
    net : Biaxial
    settings : Settings
    optimizer : Adam or Adadelta
    rng : numpy.random.Generator
        The source of all random numbers.
    music : int
        Checksum of the pieces, so that a run is only resumed with its own music.
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
        """Return a run that has taken no step yet."""
        names = {field.name for field in fields(Settings)}
        for name in settings.keys() - names:
            raise ValueError(
                f"there is no setting {name!r}; there are {', '.join(sorted(names))}"
            )
        settings = Settings(**settings)
        check_new(folder)
        optimizer = OPTIMIZERS[settings.optimizer]()
        rng = np.random.default_rng(settings.seed)
        return Run(net, settings, optimizer, rng, checksum(pieces), [])

    def history(self):
        """Return the log as a dict of arrays, one number a step; nan where none."""
        return {
            name: np.array([row.get(name, np.nan) for row in self.log])
            for name in LOGGED
        }

    def is_due(self, every):
        """Return whether the run is at a multiple of `every` steps, or at its end."""
        return len(self.log) % every == 0 or len(self.log) == self.settings.steps

    def is_best(self):
        """Return whether the last step's validation loss is the lowest so far.

        Without any validation, the last network counts as the best.
        """
        totals = [row["total"] for row in self.log if "total" in row]
        return not totals or self.log[-1].get("total") == min(totals)

    def check_finite(self, folder, **numbers):
        """Raise a FloatingPointError if any of the numbers or arrays is not finite."""
        for name, array in numbers.items():
            if not np.isfinite(array).all():
                saved = folder is not None and (Path(folder) / CHECKPOINT).exists()
                kept = f"; {Path(folder) / CHECKPOINT} is intact" if saved else ""
                raise FloatingPointError(
                    f"at step {len(self.log)}, {name} is no longer finite: try a lower "
                    f"learning rate than {self.settings.learning_rate:g}{kept}"
                )


def check_new(folder):
    """Raise a ValueError if the folder holds a training run already."""
    if folder is not None and (Path(folder) / CHECKPOINT).exists():
        raise ValueError(
            f"{folder}: holds a training run already; resume it, or name another folder"
        )


@contextmanager
def run_folder(folder):
    """Make the folder of a run, and remove it again if the run left nothing in it.

    While the run is at work there, no other can be.

    Raises
    ------
    ValueError
        Another run is at work in the folder, or it cannot be made.
    """
    if folder is None:
        yield
        return
    folder = Path(folder)
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{folder}: cannot be a folder ({error.strerror})") from None
    try:
        with locked(folder / LOCK, f"{folder}: a training run is at work there"):
            yield
    finally:
        with suppress(OSError):  # it is not empty
            for path in made:
                path.rmdir()


def save_run(run, folder):
    """Save the network as `best.npz` if it is the best so far, then the checkpoint.

    In this order, a run that is killed in between saves the best network again.
    """
    if run.is_best():
        run.net.save(Path(folder) / BEST)
    arrays = {f"weights/{name}": w for name, w in run.net.parameters.items()}
    arrays |= {f"optimizer/{name}": a for name, a in run.optimizer.state.items()}
    arrays |= {f"log/{name}": a for name, a in run.history().items()}
    arrays["settings"] = np.array(json.dumps(asdict(run.settings)))
    arrays["music"] = np.array(run.music)
    arrays["generator"] = np.array(json.dumps(run.rng.bit_generator.state))
    save_arrays(arrays, Path(folder) / CHECKPOINT)


def load_run(net, pieces, changes, folder):
    """Read a checkpoint into `net`, and return the run to resume.

    Parameters
    ----------
    net : Biaxial
        Of the same shape; its weights are replaced.
    pieces : sequence of Pieces
        The music that the run was begun with.
    changes : dict
        Settings that were given for the rest of the run; None means not given. Only
        `steps` can change: the others have shaped the run up to here.
    folder : path

    Raises
    ------
    ValueError
        There is no checkpoint, it is damaged, or it does not fit.
    """
    if folder is None:
        raise ValueError("resume needs the folder of the run (checkpoint)")
    path = Path(folder) / CHECKPOINT
    changes = {name: value for name, value in changes.items() if value is not None}
    arrays = load_arrays(path, checkpoint_schema)
    weights, state, log = (
        under(part, arrays) for part in ("weights", "optimizer", "log")
    )
    try:
        settings = json.loads(str(arrays["settings"]))
        if arrays["music"] != checksum(pieces):
            raise ValueError("it was begun with other music")
        shapes = {name: w.shape for name, w in net.parameters.items()}
        if {name: w.shape for name, w in weights.items()} != shapes:
            raise ValueError("its network has other layers")
        for name, value in changes.items():
            if name not in settings:
                raise ValueError(f"there is no setting {name!r}")
            if name != "steps" and value != settings[name]:
                raise ValueError(
                    f"it was begun with {name} {settings[name]}, not {value}; "
                    "only steps can change"
                )
        settings = Settings(**(settings | changes))
        if (settings.optimizer == "adam") != ("k" in state):
            raise ValueError(f"it is not a run of the optimizer {settings.optimizer}")
        rng = np.random.default_rng()
        rng.bit_generator.state = json.loads(str(arrays["generator"]))
    except DAMAGED as error:
        raise ValueError(f"{path}: cannot be resumed ({error})") from None
    net.parameters = weights
    optimizer = OPTIMIZERS[settings.optimizer]()
    optimizer.state = state
    rows = zip(*(log[name] for name in LOGGED), strict=True)
    log = [
        {n: float(x) for n, x in zip(LOGGED, row, strict=True) if not np.isnan(x)}
        for row in rows
    ]
    return Run(net, settings, optimizer, rng, int(arrays["music"]), log)


def checksum(pieces):
    """Return the CRC-32 of some pieces of music, in their order."""
    sum = 0
    for piece in pieces:
        sum = zlib.crc32(np.ascontiguousarray(piece.states), sum)
        sum = zlib.crc32(piece.position.astype("<i8"), sum)
    return sum
