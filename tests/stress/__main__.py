"""Run all stress tests, one after the other.

    python tests/stress [--minutes 5] [--kills 50]

Damaged files for so many minutes a kind, programs that are killed, a full disk, and the
table of wrong arguments. The exit status is 0 if nothing failed.
"""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--minutes", type=float, default=5, help="of each fuzzer")
    arguments.add_argument("--kills", type=int, default=50)
    options = arguments.parse_args()
    commands = (
        [HERE / "fuzz_midi.py", "--minutes", options.minutes],
        [HERE / "fuzz_npz.py", "--minutes", options.minutes],
        [HERE / "kills.py", "--kills", options.kills],
        [HERE / "full_disk.py"],
        ["-m", "pytest", "-q", HERE.parent / "test_misuse.py"],
    )
    failed = 0
    for command in commands:
        command = [sys.executable, *map(str, command)]
        print(f"== {shlex.join(command[1:])}", flush=True)
        failed += subprocess.run(command).returncode != 0
    print(f"{len(commands) - failed} of {len(commands)} stress tests found no fault")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
