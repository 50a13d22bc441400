// Charts of values over time. A line marks the current step; a click selects a step.

import { add } from "./elements.js";
import { drawAlong, drawBars, drawPath } from "./time.js";

const HEIGHT = 100; // of the drawing, in its own units; its width is one unit a step
const MARGIN = 3; // above and below, so that a line at the edge is completely visible

export class Chart {
  /** Append an empty chart of named curves to an element; a click calls `seek(step)`.
   *
   * With `later` = 0, bars begin at the step that hears them, with 1 at the step that
   * decides them.
   */
  constructor(parent, names, trace, later, seek) {
    this.steps = trace.steps;
    this.names = names;
    const figure = add(parent, "figure", "chart");
    const caption = add(figure, "figcaption");
    this.range = add(caption, "span", "range");
    this.now = Object.fromEntries(
      names.map((name) => {
        const key = add(caption, "span", `key is-${name}`);
        add(key, "b").textContent = KEYS[name] ?? name;
        return [name, add(key, "span", "now")];
      }),
    );
    this.svg = drawAlong(add(figure, "div", "strip"), trace.steps, HEIGHT);
    this.svg.setAttribute("class", "along");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("tabindex", 0);
    this.sounds = drawPath(this.svg, "sounds");
    drawBars(this.svg, trace, later, HEIGHT);
    this.zero = drawPath(this.svg, "zero");
    this.paths = Object.fromEntries(
      names.map((name) => [name, drawPath(this.svg, `curve is-${name}`)]),
    );
    this.moment = drawPath(this.svg, "moment");
    this.svg.addEventListener("click", ({ clientX }) => {
      const box = this.svg.getBoundingClientRect();
      seek(Math.floor(((clientX - box.left) / box.width) * this.steps));
    });
  }

  /** Draw curves of { value, text } between low and high, and shade spans of steps.
   *
   * `place` says in words of what they are, for readers who do not see them.
   */
  plot(curves, low, high, spans, place) {
    this.curves = curves;
    this.place = place;
    const unit = (HEIGHT - 2 * MARGIN) / (high - low);
    const y = (value) => MARGIN + unit * (high - value);
    for (const [name, points] of Object.entries(curves)) {
      // The line is level for the width of a step, like the pixel in the picture above.
      const line = points.map(
        ({ value }, step) => `V${y(value).toFixed(1)}H${step + 1}`,
      );
      const first = `M0 ${y(points[0].value).toFixed(1)}`;
      this.paths[name].setAttribute("d", first + line.join(""));
    }
    this.zero.setAttribute("d", `M0 ${y(0)}H${this.steps}`);
    this.range.textContent = `${String(low).replace("-", "−")} … ${high}`;
    const boxes = spans.map(
      ({ start, stop }) => `M${start} 0H${stop}V${HEIGHT}H${start}Z`,
    );
    this.sounds.setAttribute("d", boxes.join(""));
  }

  /** Mark a step and show its values. */
  mark(step) {
    this.moment.setAttribute("d", `M${step + 0.5} 0V${HEIGHT}`);
    for (const name in this.now)
      this.now[name].textContent = this.curves[name][step].text;
  }

  /** Say in words what the chart shows. */
  tell(step) {
    const curves = this.names.map((name) => {
      const points = this.curves[name];
      const least = extreme(points, (a, b) => a < b);
      const most = extreme(points, (a, b) => a > b);
      return (
        `${KEYS[name] ?? name} ${points[step].text} at step ${step}, lowest ` +
        `${points[least].text} at step ${least}, highest ${points[most].text} at step ${most}`
      );
    });
    this.svg.setAttribute("aria-label", `${this.place}: ${curves.join("; ")}`);
  }
}

const KEYS = { play: "P(play)", articulate: "P(articulate)" };

/** Return the first step whose value comes before all others. */
function extreme(points, before) {
  return points.reduce(
    (best, { value }, step) => (before(value, points[best].value) ? step : best),
    0,
  );
}
