"""The command that says why a note was played."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.options import (
    add_backend,
    add_network,
    add_output,
    add_seed,
    add_theme,
    add_zoom,
    natural,
    positive,
)
from lstmviz.commands.shared import load_music, load_network
from lstmviz.music.notes import pitch_name
from lstmviz.reading.attribution import CHOICES

__all__ = ["add_why"]

STEP = (
    "the network has heard this step, counted from 0, and decides the next one: for a "
    "note that is struck at step 65, it is 64"
)


def add_why(commands):
    sub = commands.add("why", run_why, "say which notes made a note likely or unlikely")
    sub.add_argument("music", metavar="MUSIC", help="MIDI file or song to hear")
    sub.add_argument("--step", type=natural, required=True, help=STEP)
    sub.add_argument(
        "--note", required=True, help="name or MIDI number, such as C4, F#3, Bb2 or 60"
    )
    sub.add_argument(
        "--choice",
        choices=CHOICES,
        default="play",
        help="why it is played, or why it is struck if it is played",
    )
    sub.add_argument(
        "--past", type=positive, default=64, help="how many of the steps heard to ask"
    )
    sub.add_argument(
        "--count", type=positive, default=10, help="how many notes to name"
    )
    sub.add_argument(
        "--fast",
        action="store_true",
        help="gradient times input: faster, but it does not add up",
    )
    add_output(sub, "PNG file", "why.png")
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "the weights of the untrained network")
    add_theme(sub)
    add_zoom(sub, 8)


def run_why(
    music,
    step,
    note,
    choice,
    past,
    count,
    fast,
    output,
    network,
    backend,
    seed,
    theme,
    title,
    zoom,
):
    net = load_network(network, seed, backend)
    piece = load_music(music, net.low, net.high)
    why = lv.attribution(net, piece, step, note, past, choice, fast)
    report(why, count)
    style = {"title": title} | ({"theme": theme} if theme else {})
    source = f"{Path(music).name}, {Path(network).name}"
    image = lv.attribution_chart(why, count, zoom=zoom, source=source, **style)
    lv.write_image(image, output)
    print(f"wrote {output}: {len(why.heard)} steps, coloured by what spoke for it")


def report(why, count):
    """Print the decision, and the notes that contributed most."""
    kind = CHOICES[why.choice]
    name, done = pitch_name(why.note), ("played", "struck")[kind]
    was = "was" if why.chosen[why.note - why.piece.low, kind] else "was not"
    print(f"{name} {was} {done} at step {why.step + 1}: P({why.choice}) =", end=" ")
    print(f"{why.probability:.2g}, log-odds {why.log_odds:+.2f}")
    print(f"in silence, the log-odds are {why.baseline:+.2f}")
    print("added to the log-odds by")
    notes = why.notes()
    shown = why.top(count)
    for note in shown:
        print(f"{note.value:+8.2f}  {note.text}")
    if len(shown) < len(notes):
        rest = sum(n.value for n in notes) - sum(n.value for n in shown)
        print(f"{rest:+8.2f}  the other {len(notes) - len(shown)} notes together")
    if why.points == 1:
        print("this is gradient times input: it does not add up to the change")
    else:
        together = why.log_odds - why.baseline + why.error
        print(f"{together:+8.2f}  together ({why.error:+.3f} from the change)")
