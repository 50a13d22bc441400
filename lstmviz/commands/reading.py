"""The commands of reading: what the neurons of a network follow."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.options import add_network, add_output, add_seed, natural
from lstmviz.commands.shared import gather, load_network
from lstmviz.music.notes import counted
from lstmviz.reading.styles import COMPARED
from lstmviz.reading.tuned import FOLLOWED

__all__ = ["add_styles", "add_tuning"]

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
STYLES = (
    "Each FOLDER is one style, such as the music of one composer, with two pieces or "
    "more. How far the curves of a neuron are apart is compared with pieces that are "
    "dealt into collections of the same sizes at random (false-discovery rate 0.05). "
    "Compared are mean h, the beat, struck against held notes, and intervals."
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


def add_styles(commands):
    sub = commands.add(
        "styles",
        run_styles,
        "compare what neurons do in the music of different composers",
        STYLES,
    )
    sub.add_argument(
        "folders", metavar="FOLDER", nargs="+", help="two or more folders of MIDI files"
    )
    add_network(sub)
    add_output(sub, "PNG file", "styles.png")
    sub.add_argument("--csv", metavar="FILE", help="table to write, a row a neuron")
    sub.add_argument(
        "--steps", type=natural, default=512, help="sixteenths of each piece, 0 for all"
    )
    sub.add_argument(
        "--what", choices=COMPARED, default="interval", help="the curves to draw"
    )
    sub.add_argument(
        "--deals", type=natural, default=200, help="how often pieces are dealt"
    )
    add_seed(sub, "the deals")


def run_styles(folders, network, output, csv, steps, what, deals, seed):
    net = load_network(network, seed)
    collections = {}
    for folder in folders:
        pieces, _ = gather([folder], net)
        parts = [piece[: steps + 1] if steps else piece for piece in pieces.values()]
        collections[Path(folder).resolve().name] = parts
    styles = lv.styles(net, collections, deals, seed, progress=True)
    print("\n".join(styles_lines(styles)))
    if csv:
        styles.write_csv(csv)
        print(f"wrote {csv}: a row for each neuron")
    lv.write_image(lv.styles_chart(styles, what, source=network), output)
    print(f"wrote {output}: the neurons that differ most, {what}")


def styles_lines(styles):
    """Return the table of `styles`: how many neurons differ, and which most."""
    words = [f"{name} ({n})" for name, n in styles.collections.items()]
    lines = [f"pieces: {', '.join(words)}", ""]
    lines += ["neurons that differ (in brackets: the one that differs most)"]
    lines += [f"{'layer':8}{'neurons':>8}" + "".join(f"{w:>14}" for w in COMPARED)]
    counts = styles.counts()
    for name in styles:
        cells = [
            f"{counts[name, w][0]} ({styles.most_different(name, w)[0]})"
            for w in COMPARED
        ]
        neurons = counts[name, "mean"][1]
        lines.append(f"{name:8}{neurons:8}" + "".join(f"{cell:>14}" for cell in cells))
    return [*lines, ""]
