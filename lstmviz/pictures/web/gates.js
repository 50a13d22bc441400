// The gates of a neuron: as they are stored, or computed again from the weights.
//
// A page with the weights needs no gates: the input of every layer is in the page, as
// notes or as the hidden states of the layer below, and so is h of the step before.

import { featuresAt } from "./features.js";
import { ARTICULATED, PLAYED } from "./trace.js";

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** Return { i, f, g, o }, arrays of the gates of one neuron and note at all steps. */
export function gatesAlong(trace, layer, index, note) {
  const along = Object.fromEntries(
    trace.gates.map((gate) => [gate, new Float32Array(trace.steps)]),
  );
  for (let step = 0; step < trace.steps; step++) {
    const now = gatesAt(trace, layer, index, note, step);
    for (const gate of trace.gates) along[gate][step] = now[gate];
  }
  return along;
}

/** Return { i, f, g, o } of one neuron, for one note at one step. */
export function gatesAt(trace, layer, index, note, step) {
  const arrays = trace.layers[layer];
  if (!trace.stored) return computed(trace, layer, index, note, step);
  const at = trace.at(index, note, step);
  const gate = (name) => (arrays[name][at] + 0.5) / trace.levels;
  return { i: gate("i"), f: gate("f"), g: gate("g") - 1, o: gate("o") };
}

/** Compute z = x W + h U + b, and the gates: σ(z), but tanh(z) for the candidate. */
function computed(trace, layer, index, note, step) {
  const { weights, neurons } = trace.layers[layer];
  const x = inputOf(trace, layer, note, step);
  const z = ["i", "f", "g", "o"].map((_, gate) => {
    const column = gate * neurons + index; // gates are in this order in the weights
    const row = weights.matrix.subarray(column * x.length, (column + 1) * x.length);
    // The weights of the note's index are not rounded, so they are not in the matrix.
    const shift = weights.position ? weights.position[column] * note : 0;
    return weights.b[column] + shift + weights.scale[column] * dot(row, x);
  });
  return { i: sigmoid(z[0]), f: sigmoid(z[1]), g: Math.tanh(z[2]), o: sigmoid(z[3]) };
}

function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** Return what a layer computes its gates from: its input, and its previous h.
 *
 * Previous is the step before for the layers along time, the note below for those up
 * the notes; before the first there is 0.
 */
function inputOf(trace, layer, note, step) {
  const { upward } = trace.layers[layer];
  const below = layer > 0 ? hiddenStates(trace, layer - 1, note, step) : null;
  const x = [below ?? featuresAt(trace, note, step)];
  if (upward && !trace.layers[layer - 1].upward)
    x.push(
      [PLAYED, ARTICULATED].map((kind) =>
        note > 0 ? trace.chosen(kind, note - 1, step) : 0,
      ),
    );
  x.push(
    upward
      ? hiddenStates(trace, layer, note - 1, step)
      : hiddenStates(trace, layer, note, step - 1),
  );
  return Float32Array.from(x.flatMap((part) => [...part]));
}

function hiddenStates(trace, layer, note, step) {
  const { h, neurons } = trace.layers[layer];
  const states = new Float32Array(neurons);
  if (note < 0 || step < 0) return states;
  for (let k = 0; k < neurons; k++) states[k] = trace.values[h[trace.at(k, note, step)]];
  return states;
}
