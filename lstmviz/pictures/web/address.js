// The address of a step, a neuron and a note: #step=64&neuron=time1-17&note=60.
//
// Anybody can write an address, and a layer can have any name. Both are only compared
// and shown as text, and URLSearchParams escapes what it writes.

/** Return the parts of an address that are valid: step, layer and index, note. */
export function readAddress(trace, hash) {
  const given = new URLSearchParams(hash.slice(1));
  const place = {};
  const step = wholeNumber(given.get("step"));
  if (step !== null) place.step = Math.min(step, trace.steps - 1);
  const neuron = findNeuron(trace, given.get("neuron") ?? "");
  if (!neuron.wrong) Object.assign(place, neuron);
  const midi = wholeNumber(given.get("note"));
  const note = midi === null ? -1 : midi - trace.low;
  if (note >= 0 && note < trace.notes) place.note = note;
  return place;
}

/** Return the address of a place. */
export function writeAddress(trace, { step, layer, index, note }) {
  const neuron = `${trace.layers[layer].name}-${index}`;
  return `#${new URLSearchParams({ step, neuron, note: trace.low + note })}`;
}

/** Find a neuron: "time1 17", "time1-17" or "TIME1:17".
 *
 * Return { layer, index }, or { wrong: a message }.
 */
export function findNeuron(trace, text) {
  const names = trace.layers.map(({ name }) => name);
  const [, name, number] = text.trim().match(/^(.+?)[\s:.,#-]+(\d+)$/s) ?? [];
  if (!name) return { wrong: `Type a layer and a number, such as ${names[0]} 17` };
  const lower = names.map((each) => each.toLowerCase());
  const exact = names.indexOf(name);
  const layer = exact >= 0 ? exact : lower.indexOf(name.toLowerCase());
  if (layer < 0) return { wrong: `No layer ${name}; there are ${names.join(", ")}` };
  const { neurons } = trace.layers[layer];
  const index = Number(number);
  if (index < neurons) return { layer, index };
  return {
    wrong: `No neuron ${number}; ${names[layer]} has neurons 0 to ${neurons - 1}`,
  };
}

function wholeNumber(text) {
  return /^\d+$/.test(text ?? "") ? Number(text) : null;
}
