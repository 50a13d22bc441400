// The address of a moment and a neuron: #step=64&neuron=time1-17&note=60.

/** Read what an address names; what it does not name, or wrongly, is left out. */
export function readAddress(trace, hash) {
  const named = new URLSearchParams(hash.slice(1));
  const place = {};
  const step = wholeNumber(named.get("step"));
  if (step !== null) place.step = Math.min(step, trace.steps - 1);
  const neuron = findNeuron(trace, named.get("neuron") ?? "");
  if (!neuron.wrong) Object.assign(place, neuron);
  const midi = wholeNumber(named.get("note"));
  const note = midi === null ? -1 : midi - trace.low;
  if (note >= 0 && note < trace.notes) place.note = note;
  return place;
}

/** Write the address of a place. */
export function writeAddress(trace, { step, layer, index, note }) {
  const neuron = `${trace.layers[layer].name}-${index}`;
  return `#step=${step}&neuron=${neuron}&note=${trace.low + note}`;
}

/** Find "time1 17", also "time1-17" or "TIME1:17": { layer, index }, or { wrong }. */
export function findNeuron(trace, text) {
  const names = trace.layers.map(({ name }) => name);
  const [, name, number] = text.trim().match(/^(.+?)[\s:.,#-]+(\d+)$/) ?? [];
  if (!name) return { wrong: `Type a layer and a number, such as ${names[0]} 17` };
  const layer = names.indexOf(name.toLowerCase());
  if (layer < 0) return { wrong: `No layer ${name}; there are ${names.join(", ")}` };
  const { neurons } = trace.layers[layer];
  const index = Number(number);
  if (index < neurons) return { layer, index };
  return {
    wrong: `No neuron ${number}; ${names[layer]} has neurons 0 up to ${neurons - 1}`,
  };
}

function wholeNumber(text) {
  return /^\d+$/.test(text ?? "") ? Number(text) : null;
}
