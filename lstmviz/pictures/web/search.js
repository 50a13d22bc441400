// The search field: a neuron, a layer, a note, or what neurons follow.

import { findNeuron, layerNamed } from "./address.js";
import { noteNamed } from "./trace.js";

/** Return what a text asks for, or { wrong: a message }.
 *
 * "time1 17" and "time1 neuron 17" are { layer, index }, "c5" is { note }, and "time1",
 * "beat" or "time1 beat" are { list: { only: a layer or -1, sort: the key of a column } }.
 */
export function understand(trace, text, columns) {
  const wanted = text.trim();
  const neuron = findNeuron(trace, wanted);
  if (!neuron.wrong) return neuron;
  const note = noteNamed(trace, wanted);
  if (note >= 0 && layerNamed(trace, wanted) < 0) return { note };
  const list = listAskedFor(trace, wanted, columns);
  if (list) return { list };
  const looksLikeNeuron = /[\s:.,#-]\d+$/.test(wanted);
  if (looksLikeNeuron) return neuron;
  const [first] = trace.layers;
  const follows = columns.map(({ key }) => key).join(", ");
  return {
    wrong:
      `Type a layer and a number, such as ${first.name} 17; a layer; ` +
      `a note, such as C5; or ${follows}`,
  };
}

function listAskedFor(trace, wanted, columns) {
  const list = { only: layerNamed(trace, wanted), sort: "" };
  if (list.only >= 0) return list;
  for (const word of wanted.toLowerCase().split(/\s+/)) {
    const layer = layerNamed(trace, word);
    const column = columns.find(({ key }) => key === word.replace(/s$/, ""));
    if (layer >= 0) list.only = layer;
    else if (column) list.sort = column.key;
    else return null;
  }
  return list;
}
