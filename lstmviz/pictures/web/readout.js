// The readout: the name and the values of the item under the pointer, or selected.

import { add, get } from "./elements.js";
import { gatesAt } from "./gates.js";
import { ARTICULATED, PLAYED, pitchName } from "./trace.js";
import { gateOf, probabilityOf, stateOf } from "./values.js";

/** Return what was decided for a note, in words: struck, held or silent. */
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

/** Return title, place and values, [key, name, value, low, high], of an item. */
export function describe(trace, item) {
  const { kind, note, step } = item;
  const pitch = `${pitchName(trace, note)} (MIDI ${trace.low + note})`;
  const place = `note ${pitch}, step ${step}`;
  if (kind === "neuron") {
    const layer = trace.layers[item.layer];
    const at = trace.at(item.index, note, step);
    const values = [
      ["h", "hidden state h", stateOf(trace, layer.h[at]), -1, 1],
      ["c", "cell state c", stateOf(trace, layer.c[at]), -5.5, 5.5],
    ];
    const gates = trace.gates.length && gatesAt(trace, item.layer, item.index, note, step);
    for (const gate of trace.gates) {
      const value = gateOf(trace, gate, gates[gate]);
      values.push([gate, GATES[gate], value, gate === "g" ? -1 : 0, 1]);
    }
    return { title: `${layer.name}, neuron ${item.index}`, place, values };
  }
  const p = (action) =>
    probabilityOf(trace.probability[trace.at(action, note, step)]);
  const values = [
    ["play", "P(play)", p(PLAYED), 0, 1],
    ["articulate", "P(articulate)", p(ARTICULATED), 0, 1],
  ];
  const title = kind === "score" ? "Score" : "Decision";
  return { title, place, values, aside: decision(trace, note, step) };
}

/** Show title, place and values of an item. */
export function showReadout(trace, item, isSelected) {
  const { title, place, values, aside } = describe(trace, item);
  const put = (id, text) => (get(id).textContent = text);
  put("readout-kind", title);
  put("readout-place", place);
  const hint = isSelected
    ? "selected; point at a pixel to see its values"
    : "click to select it";
  put("readout-aside", aside ?? hint);
  const list = get("readout-values");
  list.replaceChildren();
  for (const [key, name, { value, text }, low, high] of values) {
    add(list, "dt").textContent = name;
    const bar = add(add(list, "dd", "bar"), "span", `is-${key}`);
    // The bar begins at zero; it extends to the left if the value is negative.
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
