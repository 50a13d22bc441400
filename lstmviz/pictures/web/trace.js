// The trace: what trace.py calls by the same names, in bytes.

import { addBefore, addGuessOfG, addGuessOfH, inflated } from "./bytes.js";

export const PLAYED = 0;
export const ARTICULATED = 1;

/** Read everything that the page holds.
 *
 * Every array lies as (neuron or kind, note, step); `at(kind, note, step)` of the
 * trace tells where. The music has one step more than all others: at step s the
 * network heard music s and decided music s + 1.
 */
export async function readTrace() {
  const about = JSON.parse(document.getElementById("about").textContent);
  const { steps, notes } = about;
  const [probability, music] = await Promise.all(
    ["probability", "music"].map(inflated),
  );
  const layers = await Promise.all(
    about.layers.map((layer) => readLayer(layer, about)),
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

async function readLayer({ name, neurons, upward }, about) {
  const { steps, notes } = about;
  const parts = ["c", "h", ...about.gates];
  const arrays = await Promise.all(parts.map((part) => inflated(`${name}.${part}`)));
  const layer = { name, neurons };
  parts.forEach((part, place) => (layer[part] = arrays[place]));
  addBefore(layer.c, steps);
  addGuessOfH(layer.h, layer.c, steps, about);
  if (about.gates.length) {
    for (const gate of "ifo") addBefore(layer[gate], steps);
    addGuessOfG(layer.g, layer, upward, steps, notes, about);
  }
  return layer;
}

/** Name the bar of what is decided at a step; the first full bar is bar 1. */
export function barName(trace, step) {
  const number = trace.bars[step + 1]; // step s decides the music of step s + 1
  return number === 0 ? "pickup" : `bar ${number}`;
}

/** Return the nearest step after this one, or before it, that decides a bar line. */
export function barLine(trace, step, forward) {
  const begins = (s) => s > 0 && trace.bars[s + 1] !== trace.bars[s];
  let found = step + (forward ? 1 : -1);
  while (found > 0 && found < trace.steps - 1 && !begins(found))
    found += forward ? 1 : -1;
  return found;
}

/** Return the notes that sound, as [note, start, stop), in steps of the picture. */
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

/** Return the name of a note of the trace, with C4 for MIDI note 60. */
export function pitchName(trace, note) {
  const midi = trace.low + note;
  return `${PITCH_CLASSES[midi % 12]}${Math.floor(midi / 12) - 1}`;
}
