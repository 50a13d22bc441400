"""The commands of reading: what the neurons of a network follow."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.options import add_network, add_output, add_seed, natural
from lstmviz.commands.shared import gather, load_network
from lstmviz.music.notes import counted
from lstmviz.reading.tuned import FOLLOWED

__all__ = ["add_tuning"]

TUNING = (
    "Measured for every neuron: the place in the bar, the place in the beat, onsets "
    "(struck against held notes), intervals to sounding notes, and the place on the "
    "keyboard. A neuron follows one of them if it does so more than chance (the music "
    "is shifted against the network; false-discovery rate 0.05), more than any neuron "
    "of its layer in untrained networks, and, for bar, beat and onset, also when the "
    "bar lines are moved; for intervals, also when chords are taken apart by "
    "regression. Use music that the network did not learn from: about a thousand time "
    "steps, or more. Open the pictures in the order counts.png, LAYER.png, "
    "LAYER-NEURON.png."
)
DRAWN = "beat_moved", "onset_moved", "interval_alone"  # the strongest by each of them


def add_tuning(commands):
    sub = commands.add(
        "tuning", run_tuning, "measure what each neuron follows, with controls", TUNING
    )
    sub.add_argument(
        "music",
        metavar="MUSIC",
        nargs="*",
        help="folders of MIDI files, files or songs (default: all songs)",
    )
    add_network(sub)
    add_output(sub, "file of all numbers and curves (.npz)", "tuning.npz")
    sub.add_argument("--csv", metavar="FILE", help="table to write, a row a neuron")
    sub.add_argument(
        "--pictures", metavar="FOLDER", help="folder of pictures to write (PNG)"
    )
    sub.add_argument(
        "--shifts", type=natural, default=200, help="shifts of the music, for chance"
    )
    sub.add_argument(
        "--untrained", type=natural, default=3, help="untrained networks to compare"
    )
    add_seed(sub, "the shifts and the untrained networks")


def run_tuning(music, network, output, csv, pictures, shifts, untrained, seed):
    net = load_network(network, seed)
    found, _ = gather(music or lv.songbook(), net)
    tuning = lv.tuning(
        net, list(found.values()), shifts, untrained, seed, progress=True
    )
    print("\n".join(tuning_lines(tuning)))
    tuning.save(output)
    print(f"wrote {output}: {tuning}")
    if csv:
        tuning.write_csv(csv)
        print(f"wrote {csv}: a row for each neuron")
    if pictures:
        names = draw_tuning(tuning, Path(pictures), network)
        print(f"wrote {pictures}/: {', '.join(names)}")


def tuning_lines(tuning):
    """Return the tables of `tuning`: how many neurons follow what, and which most."""
    steps = counted(tuning.steps, "time step")
    lines = [f"{counted(tuning.pieces, 'piece')}, {steps}", ""]
    lines += ["neurons that follow (in brackets: of an untrained network)"]
    lines += [f"{'layer':8}{'neurons':>8}" + "".join(f"{w:>14}" for w in FOLLOWED)]
    counts = tuning.counts()
    for name, H in tuning.sizes.items():
        entries = [counts[name, what] for what in FOLLOWED]
        cells = [f"{e['follows']} ({e['untrained']:.1f})" for e in entries]
        lines.append(f"{name:8}{H:8}" + "".join(f"{cell:>14}" for cell in cells))
    lines += ["", "the neuron that follows most (η², d, deviations of h)"]
    lines += [f"{'layer':8}{'':8}" + "".join(f"{w:>14}" for w in FOLLOWED)]
    for name, layer in tuning.layers.items():
        cells = []
        for measures in FOLLOWED.values():
            neuron = tuning.strongest(name, measures[-1])[0]
            cells.append(f"{neuron} ({layer.value[measures[-1]][neuron]:.2f})")
        lines.append(f"{name:16}" + "".join(f"{cell:>14}" for cell in cells))
    return [*lines, ""]


def draw_tuning(tuning, folder, source):
    """Draw all pictures of a tuning into a folder; return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {"counts.png": lv.tuning_counts(tuning, source=source)}
    for layer in tuning:
        pictures[f"{layer}.png"] = lv.tuning_layer(tuning, layer, source=source)
        for measure in DRAWN:
            neuron = tuning.strongest(layer, measure)[0]
            name = f"{layer}-{neuron}.png"
            if name not in pictures:
                image = lv.tuning_curves(tuning, layer, neuron, source=source)
                pictures[name] = image
    for name, image in pictures.items():
        lv.write_image(image, folder / name)
    return list(pictures)
