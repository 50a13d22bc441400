// Time, from left to right: which steps the pictures and curves show, and their bars.
//
// Everything that is drawn along time is an element `.along` in a `.strip`. It holds all
// steps; two CSS variables stretch and move it, so that all strips show the same steps
// and nothing has to be drawn again.

import { add, get } from "./elements.js";
import { barLines } from "./trace.js";

const FEWEST = 8; // steps shown at the largest magnification
const MANY = 256; // a longer trace opens with a part of its steps
const SVG = "http://www.w3.org/2000/svg";

/** Return the steps that are shown at first: all, or the first of a long trace. */
export const firstSpan = (steps) => (steps <= MANY ? steps : MANY / 2);

/** Return { from, span } within the trace, with the step in view. */
export function timeAround(steps, step, from, span) {
  const wide = Math.min(Math.max(Math.round(span), Math.min(FEWEST, steps)), steps);
  const inView = step >= from && step < from + wide;
  // The step that leaves on one side comes in again near the left edge.
  const start = inView ? from : step - wide / 8;
  return { from: Math.round(Math.min(Math.max(start, 0), steps - wide)), span: wide };
}

/** Append the lines of bars and beats to a drawing that is one unit a step wide. */
export function drawBars(svg, trace, later, height) {
  const path = (lines) => lines.map((step) => `M${step} 0V${height}`).join("");
  drawPath(svg, "beats").setAttribute("d", path(barLines(trace, later, 4)));
  drawPath(svg, "bars").setAttribute("d", path(barLines(trace, later)));
}

/** Append an empty drawing of all steps, one unit a step wide. */
export function drawAlong(parent, steps, height) {
  const svg = parent.appendChild(document.createElementNS(SVG, "svg"));
  svg.setAttribute("viewBox", `0 0 ${steps} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  return svg;
}

export function drawPath(svg, className) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", className);
  return svg.appendChild(path);
}

export class TimeAxis {
  constructor(trace) {
    this.trace = trace;
    this.root = document.documentElement;
    this.names = barLines(trace, 0).map((step) => {
      const name = add(get("bar-names"), "span");
      name.style.left = `${(100 * step) / trace.steps}%`;
      name.textContent = trace.bars[step];
      return name;
    });
    addEventListener("resize", () => this.shown && this.space());
  }

  /** Show the steps from `from` on, `span` of them. */
  show(from, span) {
    if (from === this.shown?.from && span === this.shown.span) return;
    this.shown = { from, span };
    const { steps } = this.trace;
    this.root.style.setProperty("--magnify", steps / span);
    this.root.style.setProperty("--shift", from / span);
    get("shown-steps").value = `steps ${from} to ${from + span - 1}`;
    get("scroll").max = steps - span;
    get("scroll").value = from;
    get("scroll").setAttribute("aria-valuetext", get("shown-steps").value);
    get("scroll").disabled = span === steps;
    this.space();
  }

  /** Leave out beats and names of bars where there is not enough room for them. */
  space() {
    const pixels = get("picture").clientWidth / this.shown.span; // of a step
    this.root.classList.toggle("dense", pixels < 2.5);
    const bar = this.trace.steps / Math.max(1, this.names.length);
    const every = 2 ** Math.max(0, Math.ceil(Math.log2(26 / (bar * pixels))));
    this.names.forEach((name, k) => (name.hidden = k % every !== 0));
  }
}
