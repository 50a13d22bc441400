// Charts of values over time. A line marks the current step; a click selects a step.

import { add } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 100; // of the drawing, in its own units; its width is one unit a step
const MARGIN = 3; // above and below, so that a line at the edge is completely visible

export class Chart {
  /** Append an empty chart of named curves to an element; a click calls `seek(step)`. */
  constructor(parent, names, steps, seek) {
    this.steps = steps;
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
    this.svg = figure.appendChild(document.createElementNS(SVG, "svg"));
    this.svg.setAttribute("viewBox", `0 0 ${steps} ${HEIGHT}`);
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("aria-label", `${names.join(", ")} over time`);
    this.sounds = draw(this.svg, "path", "sounds");
    this.zero = draw(this.svg, "path", "zero");
    this.paths = Object.fromEntries(
      names.map((name) => [name, draw(this.svg, "path", `curve is-${name}`)]),
    );
    this.moment = draw(this.svg, "path", "moment");
    this.svg.addEventListener("click", ({ clientX }) => {
      const box = this.svg.getBoundingClientRect();
      seek(Math.floor(((clientX - box.left) / box.width) * steps));
    });
  }

  /** Draw curves of { value, text } between low and high, and shade spans of steps. */
  plot(curves, low, high, spans) {
    this.curves = curves;
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
}

const KEYS = { play: "P(play)", articulate: "P(articulate)" };

function draw(svg, tag, className) {
  const element = document.createElementNS(SVG, tag);
  element.setAttribute("class", className);
  return svg.appendChild(element);
}
