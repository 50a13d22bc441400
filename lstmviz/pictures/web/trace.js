// The trace, with the names of trace.py, in bytes.

import { addPredictedG, addPredictedH, addPrevious, inflate } from "./bytes.js";

export const PLAYED = 0;
export const ARTICULATED = 1;

/** Return the trace that the page contains.
 *
 * Every array has the axes (neuron or kind, note, step); kind is PLAYED or
 * ARTICULATED. `trace.at(kind, note, step)` is the index of an element. The music has
 * one step more than the other arrays: at step s the network heard step s of the music
 * and decided step s + 1.
 */
export async function readTrace() {
  const about = JSON.parse(document.getElementById("about").textContent);
  const { steps, notes } = about;
  const [probability, music] = await Promise.all(
    ["probability", "music"].map(inflate),
  );
  const layers = await Promise.all(
    about.layers.map((layer, number) => readLayer(layer, number, about)),
  );
  return {
    ...about,
    layers,
    probability,
    music,
    at: (kind, note, step) => (kind * notes + note) * steps + step,
    heard: (kind, note, step) => music[(kind * notes + note) * (steps + 1) + step],
    chosen: (kind, note, step) => music[(kind * notes + note) * (steps + 1) + step + 1],
  };
}

async function readLayer({ name, neurons, upward }, number, about) {
  const { steps, notes } = about;
  const parts = ["c", "h", ...about.gates];
  const arrays = await Promise.all(parts.map((part) => inflate(`${number}-${part}`)));
  const layer = { name, neurons };
  parts.forEach((part, place) => (layer[part] = arrays[place]));
  addPrevious(layer.c, steps);
  addPredictedH(layer.h, layer.c, steps, about);
  if (about.gates.length) {
    for (const gate of "ifo") addPrevious(layer[gate], steps);
    addPredictedG(layer.g, layer, upward, steps, notes, about);
  }
  return layer;
}

/** Return the name of the bar that a step decides; the first full bar is bar 1. */
export function barName(trace, step) {
  const number = trace.bars[step + 1]; // step s decides the music of step s + 1
  return number === 0 ? "pickup" : `bar ${number}`;
}

/** Return the next step, or the previous one, that decides the first step of a bar. */
export function barLine(trace, step, forward) {
  const begins = (s) => s > 0 && trace.bars[s + 1] !== trace.bars[s];
  let found = step + (forward ? 1 : -1);
  while (found > 0 && found < trace.steps - 1 && !begins(found))
    found += forward ? 1 : -1;
  return found;
}

/** Return the notes of the music as { note, start, stop }: from start up to stop. */
export function soundingNotes(trace) {
  const found = [];
  for (let note = 0; note < trace.notes; note++) {
    let start = null;
    for (let step = -1; step <= trace.steps; step++) {
      const sounds = step < trace.steps && trace.chosen(PLAYED, note, step);
      const struck = sounds && trace.chosen(ARTICULATED, note, step);
      if (start !== null && (!sounds || struck))
        found.push({ note, start, stop: step });
      if (!sounds) start = null;
      else if (struck || start === null) start = step;
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

const PITCH_CLASSES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/** Return the name of a note of the trace; C4 is MIDI note 60. */
export function pitchName(trace, note) {
  const midi = trace.low + note;
  return `${PITCH_CLASSES[midi % 12]}${Math.floor(midi / 12) - 1}`;
}
