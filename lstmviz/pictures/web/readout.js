// The readout: names what is pointed at, or chosen, with its values at that moment.

import { add, get } from "./elements.js";
import { ARTICULATED, PLAYED, pitchName } from "./trace.js";
import { gateOf, probabilityOf, stateOf } from "./values.js";

/** Say what was decided for a note: struck, held or silent. */
function decision(trace, note, step) {
  if (!trace.chosen(PLAYED, note, step)) return "silent";
  return trace.chosen(ARTICULATED, note, step)
    ? "articulated (struck)"
    : "played (held)";
}

const GATES = {
  i: "input gate i",
  f: "forget gate f",
  g: "candidate g",
  o: "output gate o",
};

/** Return the words and values [key, name, value, low, high] of what is pointed at. */
export function describe(trace, what) {
  const { kind, note, step } = what;
  const pitch = `${pitchName(trace, note)} (MIDI ${trace.low + note})`;
  const place = `note ${pitch}, step ${step}`;
  if (kind === "neuron") {
    const layer = trace.layers[what.layer];
    const at = trace.at(what.index, note, step);
    const values = [
      ["h", "activation h", stateOf(trace, layer.h[at]), -1, 1],
      ["c", "memory c", stateOf(trace, layer.c[at]), -5.5, 5.5],
    ];
    for (const gate of trace.gates) {
      const value = gateOf(trace, gate, layer[gate][at]);
      values.push([gate, GATES[gate], value, gate === "g" ? -1 : 0, 1]);
    }
    return { title: `${layer.name}, neuron ${what.index}`, place, values };
  }
  const p = (of) => probabilityOf(trace.probability[trace.at(of, note, step)]);
  const values = [
    ["play", "P(play)", p(PLAYED), 0, 1],
    ["articulate", "P(articulate)", p(ARTICULATED), 0, 1],
  ];
  const title = kind === "score" ? "Score" : "Decision";
  return { title, place, values, aside: decision(trace, note, step) };
}

/** Show it. */
export function showReadout(trace, what, isChosen) {
  const { title, place, values, aside } = describe(trace, what);
  const put = (id, text) => (get(id).textContent = text);
  put("readout-kind", title);
  put("readout-place", place);
  const hint = isChosen
    ? "chosen; point at any pixel to read it"
    : "click to choose it";
  put("readout-aside", aside ?? hint);
  const list = get("readout-values");
  list.replaceChildren();
  for (const [key, name, { value, text }, low, high] of values) {
    add(list, "dt").textContent = name;
    const bar = add(add(list, "dd", "bar"), "span", `is-${key}`);
    // The bar grows from zero, to the left where the value is negative.
    const across = (x) =>
      (100 * (Math.min(Math.max(x, low), high) - low)) / (high - low);
    const [from, to] = [across(0), across(value)].sort((a, b) => a - b);
    bar.style.left = `${from}%`;
    bar.style.width = `${to - from}%`;
    const number = add(list, "dd", "number");
    number.dataset.value = key;
    number.textContent = text;
  }
}
