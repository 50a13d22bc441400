// Pinned neurons: up to eight, one above the other on the same time.

import { add, get } from "./elements.js";
import { placeSelection } from "./inspector.js";
import { neuronButton } from "./rows.js";
import { neuronPicture } from "./snapshot.js";
import { drawAlong, drawBars, drawPath } from "./time.js";
import { pitchName } from "./trace.js";

export const MOST = 8;

const same = (a, b) => a.layer === b.layer && a.index === b.index;

/** Return the pins with a neuron added, or removed if it was pinned; the newest eight. */
export function togglePin(pins, { layer, index }) {
  const neuron = { layer, index };
  const without = pins.filter((pin) => !same(pin, neuron));
  return without.length < pins.length ? without : [...pins, neuron].slice(-MOST);
}

export const isPinned = (pins, neuron) => pins.some((pin) => same(pin, neuron));

export class Pins {
  /** actions: choose, unpin, seek. */
  constructor(trace, actions) {
    this.trace = trace;
    this.actions = actions;
    this.cards = [];
  }

  /** Draw the pictures of all pins, and their h at the selected note. */
  draw({ pins, note, music, palette, select, step }, traces) {
    const now = { pins, note, music, palette };
    if (Object.keys(now).some((key) => now[key] !== this.shown?.[key]))
      this.build(now, traces);
    this.shown = now;
    for (const { mark, moment } of this.cards) {
      placeSelection(mark, this.trace, select);
      moment.setAttribute("d", `M${step + 0.5} 0V100`);
    }
  }

  build({ pins, note, music, palette }, traces) {
    get("pinned").replaceChildren();
    get("nothing-pinned").hidden = pins.length > 0;
    this.cards = pins.flatMap((pin) =>
      traces.map((trace) => this.card(trace, pin, note, music, palette)),
    );
  }

  card(trace, pin, note, music, palette) {
    const source = trace.source ?? "";
    const { choose, unpin, seek } = this.actions;
    const row = add(get("pinned"), "li", "pin");
    const head = add(row, "div", "pin-title");
    neuronButton(head, trace, pin, choose);
    add(head, "span", "words").textContent = source;
    const remove = add(head, "button", "remove");
    remove.type = "button";
    remove.textContent = "×";
    remove.addEventListener("click", () => unpin(pin));
    const title = `${trace.layers[pin.layer].name} ${pin.index}`;
    remove.setAttribute("aria-label", `Unpin ${title}`);

    const strip = add(row, "div", "strip picture");
    const canvas = add(strip, "canvas", "along thumbnail");
    canvas.width = trace.steps;
    canvas.height = trace.notes;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Neuron ${title} ${source} over steps and notes`);
    const image = neuronPicture(trace, pin.layer, pin.index, music, palette);
    canvas.getContext("2d").putImageData(image, 0, 0);
    canvas.addEventListener("click", ({ clientX }) => {
      const box = canvas.getBoundingClientRect();
      seek(Math.floor(((clientX - box.left) / box.width) * trace.steps));
    });
    const over = add(strip, "div", "along over");
    over.setAttribute("aria-hidden", "true");
    drawBars(drawAlong(over, trace.steps, 1), trace, 0, 1);
    add(over, "i", "at-step");
    add(over, "i", "at-note");
    const mark = add(over, "i", "selection");

    const chart = add(row, "div", "strip chart");
    const svg = drawAlong(chart, trace.steps, 100);
    svg.setAttribute("class", "along");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `h of ${title} at note ${pitchName(trace, note)}`);
    drawBars(svg, trace, 0, 100);
    drawPath(svg, "zero").setAttribute("d", `M0 50H${trace.steps}`);
    const { h } = trace.layers[pin.layer];
    const y = (s) => 50 - 47 * trace.values[h[trace.at(pin.index, note, s)]];
    const steps = Array.from({ length: trace.steps }, (_, s) => s);
    const line = steps.map((s) => `V${y(s).toFixed(1)}H${s + 1}`).join("");
    drawPath(svg, "curve is-h").setAttribute("d", `M0 ${y(0).toFixed(1)}${line}`);
    return { mark, moment: drawPath(svg, "moment") };
  }
}
