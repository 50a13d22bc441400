"""The chart: the time of NumPy and PyTorch in each case, as a multiple of numba's."""

from lstmviz.files import write_whole


def draw(results, path):
    """Draw the ratios to the time of numba as bars, and write the chart as PNG.

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

    rows = [row for row in results["rows"] if "numpy" in row["seconds"]]
    figure, axes = pyplot.subplots(
        figsize=(9, 0.5 * len(rows) + 1.5), layout="constrained"
    )
    colours = {"numpy": "#0b6e99", "torch": "#d9730d"}
    for place, row in enumerate(rows):
        for shift, (name, colour) in enumerate(colours.items()):
            if name in row["seconds"]:
                ratio = row["seconds"][name] / row["seconds"]["numba"]
                y = place + 0.4 * shift - 0.2
                axes.barh(y, ratio, 0.38, color=colour)
                axes.text(ratio * 1.03, y, f"{ratio:.2g}", va="center", fontsize=8)
    for name, colour in colours.items():
        axes.barh(
            [0], [0], color=colour, label={"numpy": "NumPy", "torch": "PyTorch"}[name]
        )
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(left=0.3)
    axes.set_yticks(range(len(rows)), [row["what"] for row in rows], fontsize=9)
    axes.invert_yaxis()
    axes.set_xlabel("time, as a multiple of the time of numba (black line)")
    axes.set_title(results["machine"], fontsize=7)
    axes.legend()
    write_whole(lambda file: figure.savefig(file, format="png", dpi=110), path)
