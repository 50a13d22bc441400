"""The chart: the time of every contestant in each case, as a multiple of numba's."""

from statistics import median

from benchmarks.contestants import CONTESTANTS
from benchmarks.report import machine_lines
from lstmviz.files import write_whole

LOOKS = {  # colour and marker: one core is open, all cores are filled
    "numpy": ("#0b6e99", "o", True),
    "numpy threads": ("#0b6e99", "^", True),
    "numpy buffers": ("#0b6e99", "s", True),
    "numba 1": ("black", "D", False),
    "torch 1": ("#d9730d", "o", False),
    "torch": ("#d9730d", "o", True),
}


def draw(results, path):
    """Draw the ratios to the time of numba as points, and write the chart as PNG.

    Parameters
    ----------
    results : dict
        What `__main__.main` collects: "machine" and "rows".
    path : str or path

    Raises
    ------
    ValueError
        The folder does not exist.
    """
    from matplotlib import pyplot

    rows = results["rows"]
    figure, axes = pyplot.subplots(
        figsize=(9, 0.3 * len(rows) + 1.5), layout="constrained"
    )
    for name, (colour, marker, filled) in LOOKS.items():
        places = [k for k, row in enumerate(rows) if name in row["times"]]
        ratios = [
            median(rows[k]["times"][name]) / median(rows[k]["times"]["numba"])
            for k in places
        ]
        axes.plot(
            ratios,
            places,
            marker,
            color=colour,
            markerfacecolor=colour if filled else "white",
            label=CONTESTANTS[name].label,
        )
    axes.axvline(1, color="black", linewidth=1, label="numba")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("×{x:g}")
    labels = [": ".join(filter(None, [row["size"], row["what"]])) for row in rows]
    axes.set_yticks(range(len(rows)), labels, fontsize=9)
    axes.invert_yaxis()
    axes.grid(axis="both", color="0.9")
    axes.set_axisbelow(True)
    axes.set_xlabel("time, as a multiple of the time of numba on all cores (line)")
    axes.set_title("\n".join(machine_lines(results)), fontsize=7)
    figure.legend(loc="outside lower center", ncols=4, fontsize=8)
    write_whole(lambda file: figure.savefig(file, format="png", dpi=110), path)
    pyplot.close(figure)
