// The two raw pictures, with exactly the pixels of snapshot.py and neuron.py, and the
// item at each pixel of the snapshot.

import { lightenNote, paintDecision, paintNeuron, paintScore } from "./colours.js";
import { ARTICULATED, PLAYED } from "./trace.js";

export const GAP = 5; // black rows between bands, black columns before each pair
export const DECISION = 2 * (GAP + 2); // columns of the decision

/** Return the size of the snapshot and the positions of its bands. */
export function plan(trace) {
  const band = (name, columns, place) => ({
    name,
    columns,
    top: place * (trace.notes + GAP),
  });
  const bands = [band("score", trace.past, 0)];
  for (const { name, neurons } of trace.layers)
    bands.push(band(name, neurons, bands.length));
  const width = Math.max(...bands.map((band) => band.columns)) + DECISION;
  for (const band of bands) band.left = width - DECISION - band.columns;
  return { bands, width, height: bands.length * (trace.notes + GAP) - GAP };
}

/** Return the image of the whole network at one step. */
export function snapshot(trace, step, palette) {
  const { bands, width, height } = plan(trace);
  const image = new ImageData(width, height);
  const pixels = image.data;
  for (let alpha = 3; alpha < pixels.length; alpha += 4) pixels[alpha] = 255;
  bands.forEach(({ top, left, columns }, place) => {
    const layer = trace.layers[place - 1]; // none for the score
    for (let note = 0; note < trace.notes; note++) {
      const row = 4 * (top + trace.notes - 1 - note) * width; // high notes on top
      for (let k = 0; k < columns; k++) {
        const pixel = row + 4 * (left + k);
        const then = step - (columns - 1 - k);
        if (layer) {
          const at = trace.at(k, note, step);
          paintNeuron(pixels, pixel, layer.h[at], layer.c[at], palette);
        } else if (then >= 0) {
          paintStep(trace, pixels, pixel, note, then, palette);
        }
      }
      for (const kind of [PLAYED, ARTICULATED]) {
        const pixel = row + 4 * (width - DECISION + kind * (GAP + 2) + GAP);
        const p = trace.probability[trace.at(kind, note, step)];
        paintDecision(pixels, pixel, p, trace.chosen(kind, note, step), palette);
      }
    }
  });
  return image;
}

function paintStep(trace, pixels, pixel, note, step, palette) {
  const p = trace.probability[trace.at(PLAYED, note, step)];
  const played = trace.chosen(PLAYED, note, step);
  const struck = trace.chosen(ARTICULATED, note, step);
  paintScore(pixels, pixel, p, played, struck, palette);
}

/** Return the item at a pixel of the snapshot, or null where it is black.
 *
 * An item is { kind: "score", note, step }, { kind: "neuron", note, step, layer, index }
 * or { kind: "decision", note, step }.
 */
export function itemAt(trace, x, y, step) {
  const { bands, width, height } = plan(trace);
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const place = Math.floor(y / (trace.notes + GAP));
  const band = bands[place];
  const note = trace.notes - 1 - (y - band.top);
  if (note < 0) return null;
  const column = x - band.left;
  if (column >= band.columns) {
    const black = (column - band.columns) % (GAP + 2) < GAP;
    return black ? null : { kind: "decision", note, step };
  }
  if (column < 0) return null;
  if (place > 0) return { kind: "neuron", note, step, layer: place - 1, index: column };
  const then = step - (band.columns - 1 - column);
  return then < 0 ? null : { kind: "score", note, step: then };
}

/** Return the image of one neuron over steps (columns) and notes (rows). */
export function neuronPicture(trace, layer, index, music, palette) {
  const image = new ImageData(trace.steps, trace.notes);
  const { h, c } = trace.layers[layer];
  for (let note = 0; note < trace.notes; note++) {
    for (let step = 0; step < trace.steps; step++) {
      const at = trace.at(index, note, step);
      const pixel = 4 * ((trace.notes - 1 - note) * trace.steps + step);
      paintNeuron(image.data, pixel, h[at], c[at], palette);
      if (music) {
        const [played, struck] = [PLAYED, ARTICULATED].map((kind) =>
          trace.heard(kind, note, step),
        );
        lightenNote(image.data, pixel, played, struck, palette);
      }
      image.data[pixel + 3] = 255;
    }
  }
  return image;
}
