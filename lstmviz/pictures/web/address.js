// The address of all that is chosen: #step=64&neuron=time1-17&note=60 and more.
//
// Anybody can write an address, and a layer can have any name. Both are only compared
// and shown as text, and URLSearchParams escapes what it writes.

import { PALETTES } from "./colours.js";

/** Return the parts of an address that are valid, with the names of the place. */
export function readAddress(trace, hash) {
  const given = new URLSearchParams(hash.slice(1));
  const { steps, notes, low } = trace;
  const place = {};
  const step = wholeNumber(given.get("step"));
  if (step !== null) place.step = Math.min(step, steps - 1);
  const neuron = findNeuron(trace, given.get("neuron") ?? "");
  if (!neuron.wrong) Object.assign(place, neuron);
  const midi = wholeNumber(given.get("note"));
  if (midi !== null && midi >= low && midi < low + notes) place.note = midi - low;

  const time = span(given.get("time"), steps);
  if (time) Object.assign(place, { from: time[0], span: time[1] - time[0] });
  const select = span(given.get("select"), steps);
  const range = span(given.get("notes"), 128) ?? [low, low + notes];
  const inside = range[0] >= low && range[1] <= low + notes;
  if (select && inside) {
    const [from, to] = range.map((each) => each - low);
    place.select = { start: select[0], stop: select[1], low: from, high: to };
  }
  const [, name, moment] = given.get("like")?.match(/^(.+)-(\d{1,6})$/s) ?? [];
  if (name && layerNamed(trace, name) >= 0 && Number(moment) < steps)
    place.like = { layer: layerNamed(trace, name), step: Number(moment) };
  const [, at, key] = given.get("why")?.match(/^(\d{1,6})-(\d{1,3})$/) ?? [];
  if (Number(at) < steps && Number(key) >= low && Number(key) < low + notes)
    place.why = { step: Number(at), note: Number(key) - low };
  const pins = given.getAll("pin").map((text) => findNeuron(trace, text));
  if (pins.length) place.pins = pins.filter(({ wrong }) => !wrong).slice(0, 8);
  const only = given.get("only") ?? "";
  const sort = given.get("sort") ?? "";
  if (only || sort) place.list = { only: layerNamed(trace, only), sort };
  if (PALETTES.includes(given.get("palette"))) place.palette = given.get("palette");
  if (given.get("music") === "1") place.music = true;
  if (/^[a-z]+$/.test(given.get("tab") ?? "")) place.tab = given.get("tab");
  return place;
}

/** Return the address of a place; what is as at first is left out. */
export function writeAddress(trace, place) {
  const { step, layer, index, note, from, span, select, like, pins } = place;
  const { list, palette, music, tab, why } = place;
  const name = (neuron) => `${trace.layers[neuron.layer].name}-${neuron.index}`;
  const parts = new URLSearchParams({
    step,
    neuron: name({ layer, index }),
    note: trace.low + note,
  });
  if (span !== place.firstSpan) parts.set("time", `${from}-${from + span}`);
  if (select) {
    parts.set("select", `${select.start}-${select.stop}`);
    parts.set("notes", `${trace.low + select.low}-${trace.low + select.high}`);
  }
  if (like) parts.set("like", `${trace.layers[like.layer].name}-${like.step}`);
  if (why) parts.set("why", `${why.step}-${trace.low + why.note}`);
  for (const pin of pins) parts.append("pin", name(pin));
  if (list.only >= 0) parts.set("only", trace.layers[list.only].name);
  if (list.sort) parts.set("sort", list.sort);
  if (palette !== PALETTES[0]) parts.set("palette", palette);
  if (music) parts.set("music", 1);
  if (tab !== "neuron") parts.set("tab", tab);
  return `#${parts}`;
}

/** Find a neuron: "time1 17", "time1-17", "TIME1:17" or "time1 neuron 17".
 *
 * Return { layer, index }, or { wrong: a message }.
 */
export function findNeuron(trace, text) {
  const names = trace.layers.map(({ name }) => name);
  const [, name, number] = text.trim().match(/^(.+?)(?:\s+neuron)?[\s:.,#-]+(\d+)$/is) ?? [];
  if (!name) return { wrong: `Type a layer and a number, such as ${names[0]} 17` };
  const layer = layerNamed(trace, name);
  if (layer < 0) return { wrong: `No layer ${name}; there are ${names.join(", ")}` };
  const { neurons } = trace.layers[layer];
  const index = Number(number);
  if (index < neurons) return { layer, index };
  return {
    wrong: `No neuron ${number}; ${names[layer]} has neurons 0 to ${neurons - 1}`,
  };
}

/** Return the number of the layer of a name, in any case, or -1. */
export function layerNamed(trace, name) {
  const names = trace.layers.map((layer) => layer.name);
  const exact = names.indexOf(name);
  const lower = names.map((each) => each.toLowerCase());
  return exact >= 0 ? exact : lower.indexOf(name.toLowerCase());
}

function wholeNumber(text) {
  return /^\d{1,9}$/.test(text ?? "") ? Number(text) : null;
}

/** Return [start, stop] of a text such as "32-64", or null if it is no part of 0 to end. */
function span(text, end) {
  const [, start, stop] = (text ?? "").match(/^(\d{1,6})-(\d{1,6})$/) ?? [];
  return Number(start) < Number(stop) && Number(stop) <= end
    ? [Number(start), Number(stop)]
    : null;
}
