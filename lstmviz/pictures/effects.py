"""What groups of neurons cause: each effect beside those of random groups."""

from lstmviz.checks import check_kind
from lstmviz.pictures.curve import marks
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.sheet import Sheet, make_style
from lstmviz.reading.effects import Effect

__all__ = ["effect_chart"]

WIDTH, TEXT = 160, 5  # of the axis and of text, in pixels for every pixel of zoom
RANDOM, GROUP = "#9a9aa2", "#d55e00"  # Okabe & Ito's vermilion beside grey


def effect_chart(effect, **style):
    """Draw what is lost when groups are clamped, beside random groups of the same size.

    One row for each group. Grey: each random group is a short line. Above them in
    colour: the group, with its interval over pieces as a bar. A group does something
    that random neurons do not if it is to the right of the grey lines.

    Parameters
    ----------
    effect : Effect
        As `lstmviz.effect` returns it.
    **style
        zoom, theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        An option is unknown.
    """
    check_kind("effect", effect, Effect)
    style = make_style(style)
    sheet = Sheet(style, TEXT * style.zoom)
    size, width = sheet.size, WIDTH * style.zoom
    lows, highs = extent(effect)
    scale = marks(lows, highs)

    def column(nats):
        """Return the pixel of a number of nats."""
        return float((nats - scale[0]) / (scale[-1] - scale[0]) * width)

    bottom = len(effect) * 3 * size
    for nats in scale:
        sheet.line((column(nats), 0), (column(nats), bottom))
        sheet.text(column(nats), bottom + 0.5 * size, f"{nats:g}", "mt", 0.9)
    sheet.text(width / 2, bottom + 2 * size, "nats lost per time step", "mt", 0.9, True)
    for row, (name, group) in enumerate(effect.groups.items()):
        middle = (3 * row + 1.5) * size
        sheet.text(-size, middle - 0.1 * size, name, "rb")
        neurons = f"{group.count} neuron{'s' * (group.count != 1)}"
        sheet.text(-size, middle + 0.1 * size, neurons, "rt", 0.8, True)
        thick = max(2, size // 8)
        for total in group.random[:, 0]:
            x = column(total)
            box = x, middle + 0.25 * size, x + thick // 2, middle + 0.95 * size
            sheet.rectangle(*box, RANDOM)
        x, half = column(group.lost.total), size / 3
        low, high = group.interval[:, 0]
        if low == low:  # not NaN: there is more than one piece
            y = middle - 0.45 * size
            sheet.rectangle(
                column(low), y - thick / 2, column(high), y + thick / 2, GROUP
            )
        box = (
            x - half,
            middle - 0.45 * size - half,
            x + half,
            middle - 0.45 * size + half,
        )
        sheet.rectangle(*box, GROUP, sheet.theme.paper)
    count = len(next(iter(effect.groups.values())).random)
    legend = f"square: the group, bar: 95 % over pieces; grey: {count} random groups"
    sheet.text(sheet.left, sheet.top - 0.6 * size, legend, "ls", 0.9, True)
    add_title(
        sheet, style.title or "What is lost when neurons are clamped to their mean"
    )
    return sheet.finish()


def extent(effect):
    """Return the lowest and the highest number of nats of the chart, 0 included."""
    numbers = [0.0]
    for group in effect.groups.values():
        interval = group.interval[:, 0]
        numbers += [
            group.lost.total,
            *group.random[:, 0],
            *interval[interval == interval],
        ]
    return min(numbers), max(numbers)
