"""Fill a disk while every command writes to it: is the error clear, is nothing lost?

    python tests/stress/full_disk.py [--rounds 20] [--seed 0]

The disk is a small one in memory (tmpfs), where it may be mounted: root may. Elsewhere,
the system does not let any file grow beyond the space that is left. A command must
either end well, or say in one line which file has no room. It leaves nothing
half-written, and what was there before stays as it was.
"""

import argparse
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
from tqdm import tqdm

import lstmviz as lv
from lstmviz.commands.main import main as lstmviz
from lstmviz.files import PREFIX

DISK = 8 * 2**20  # bytes
FULL = "No space left on device", "File too large", "of the disk are free"
BALLAST = "ballast"
COMMANDS = (
    "compose --network NET --steps 16 -o new.mid",
    "compose --network NET --steps 16 -o new.mid --wav new.wav",
    "hear MUSIC -o new.wav",
    "trace MUSIC --network NET -o new.npz",
    "snapshot TRACE -o new.png",
    "gallery TRACE -o new.png",
    "page TRACE -o new.html",
    "film TRACE -o new.mp4",
    "film TRACE -o new.png",
    "tuning MUSIC --network NET --shifts 20 --untrained 1 -o new.npz",
    "train MUSIC -o run --resume --steps 6",
    "exercises new",
)


@contextmanager
def small_disk():
    """Yield a folder on a small disk, and a function that leaves so many bytes free."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder]
        try:
            subprocess.run(mount, check=True, stderr=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError):
            yield Path(folder), limited_files
            return
        try:
            yield Path(folder), filled_disk
        finally:
            os.chdir("/")
            subprocess.run(["umount", folder], check=True)


@contextmanager
def filled_disk(free):
    """Fill the disk of the working folder but for so many bytes."""
    disk = os.statvfs(".")
    size = disk.f_bavail * disk.f_frsize - free
    Path(BALLAST).write_bytes(bytes(max(size, 0)))
    try:
        yield
    finally:
        os.unlink(BALLAST)


@contextmanager
def limited_files(free):
    """Let no file grow beyond so many bytes."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def prepare(folder):
    """Make what the commands read, and what they replace."""
    lv.Biaxial((6,), (4,), seed=0).save(folder / "net.npz")
    lv.write_midi(lv.song("musette")[:64], folder / "music.mid")
    for command in (
        "trace MUSIC --network NET -o TRACE",
        "train MUSIC -o run --time-layers 6 --note-layers 4 --batch 1 --length 16 "
        "--steps 3 --save-every 1 --validation 0",
    ):
        assert called(command) == (0, []), command


def called(command):
    """Run a command of `lstmviz`; return its exit status and what it said of errors."""
    files = {"NET": "net.npz", "TRACE": "trace.npz", "MUSIC": "music.mid"}
    arguments = [files.get(word, word) for word in command.split()]
    output, errors = (
        io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2)
    )
    with redirect_stdout(output), redirect_stderr(errors):
        status = lstmviz(arguments)
    lines = errors.buffer.getvalue().decode().replace("\r", "\n").split("\n")
    return status, [line for line in lines if line.startswith("lstmviz: error")]


def contents():
    """Return the content of every file in the working folder."""
    paths = [path for path in Path().rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in paths if path.name != BALLAST}


def attempt(command, fill, free):
    """Run a command on a disk with so little room; return whether it succeeded.

    Raises
    ------
    AssertionError
        Something is lost, half-written or not said clearly.
    """
    before = contents()
    with fill(free):
        status, said = called(command)
    after = contents()
    where = f"{command}, {free} bytes free: {said}"
    temporary = [n for n in after if Path(n).name.startswith(PREFIX)]
    assert not temporary, f"{where}: {temporary} is left"
    for name, content in before.items():
        if not name.startswith("run/"):  # which is what training goes on with
            assert after.get(name) == content, f"{where}: {name} has changed"
    if status:
        assert len(said) == 1, where
        assert any(reason in said[0] for reason in FULL), where
        named = "new", "run", f"{tempfile.gettempdir()}/lstmviz-"  # the last: a folder
        assert any(name in said[0] for name in named), f"{where}: which file?"
        half = [n for n in after.keys() - before.keys() if n in said[0]]
        assert not half, f"{where}: {half} is half-written"
    return not status


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    rng = np.random.default_rng(options.seed)
    succeeded = failed = 0
    for command in tqdm(COMMANDS, unit="command"):
        with small_disk() as (folder, fill):
            os.chdir(folder)
            prepare(folder)
            for _ in range(options.rounds):
                free = int(10 ** rng.uniform(2, 6.5))
                if attempt(command, fill, free):
                    succeeded += 1
                else:
                    failed += 1
                for new in Path().glob("new*"):
                    shutil.rmtree(new) if new.is_dir() else new.unlink()
            if "--resume" in command:  # with room again, the run can be resumed
                assert called(command) == (0, []), "the run is damaged"
            os.chdir("/")
    kind = "small disk" if fill is filled_disk else "limit of file sizes"
    print(f"{succeeded} commands ended well and {failed} found no room ({kind})")


if __name__ == "__main__":
    sys.exit(main())
