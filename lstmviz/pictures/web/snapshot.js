// The two raw pictures, with exactly the pixels of snapshot.py and neuron.py, and the
// item at each pixel of the snapshot.

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
export function snapshot(trace, step) {
  const { bands, width, height } = plan(trace);
  const image = new ImageData(width, height);
  const pixels = image.data;
  for (let alpha = 3; alpha < pixels.length; alpha += 4) pixels[alpha] = 255;
  const paint = (x, y, red, green, blue) => {
    const at = 4 * (y * width + x);
    pixels[at] = red;
    pixels[at + 1] = green;
    pixels[at + 2] = blue;
  };
  bands.forEach(({ top, left, columns }, place) => {
    const layer = trace.layers[place - 1]; // none for the score
    for (let note = 0; note < trace.notes; note++) {
      const row = top + trace.notes - 1 - note; // high notes on top
      for (let k = 0; k < columns; k++) {
        if (layer) {
          const at = trace.at(k, note, step);
          paint(left + k, row, 0, layer.h[at], layer.c[at]);
        } else {
          const then = step - (columns - 1 - k);
          if (then >= 0) paint(left + k, row, ...scorePixel(trace, note, then));
        }
      }
      for (const kind of [PLAYED, ARTICULATED]) {
        const grey = width - DECISION + kind * (GAP + 2) + GAP;
        const p = trace.probability[trace.at(kind, note, step)];
        paint(grey, row, p, p, p);
        paint(grey + 1, row, 255 * trace.chosen(kind, note, step), 0, 0);
      }
    }
  });
  return image;
}

function scorePixel(trace, note, step) {
  return [
    trace.probability[trace.at(PLAYED, note, step)],
    255 * trace.chosen(PLAYED, note, step),
    255 * trace.chosen(ARTICULATED, note, step),
  ];
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

const STRUCK = 255; // red of the music, in a neuron's picture
const HELD = 128;

/** Return the image of one neuron over steps (columns) and notes (rows). */
export function neuronPicture(trace, layer, index, music) {
  const image = new ImageData(trace.steps, trace.notes);
  const { h, c } = trace.layers[layer];
  for (let note = 0; note < trace.notes; note++) {
    for (let step = 0; step < trace.steps; step++) {
      const at = trace.at(index, note, step);
      const pixel = 4 * ((trace.notes - 1 - note) * trace.steps + step);
      const struck = trace.heard(ARTICULATED, note, step);
      if (music)
        image.data[pixel] = struck ? STRUCK : HELD * trace.heard(PLAYED, note, step);
      image.data[pixel + 1] = h[at];
      image.data[pixel + 2] = c[at];
      image.data[pixel + 3] = 255;
    }
  }
  return image;
}
