// The trace, with the names of trace.py, in bytes.

import { addPredictedG, addPredictedH, addPrevious, inflate } from "./bytes.js";

export const PLAYED = 0;
export const ARTICULATED = 1;

/** Return the trace that the page contains, or with its description the second one.
 *
 * Every array has the axes (neuron or kind, note, step); kind is PLAYED or
 * ARTICULATED. `trace.at(kind, note, step)` is the index of an element. The music has
 * one step more than the other arrays: at step s the network heard step s of the music
 * and decided step s + 1.
 */
export async function readTrace(about = readAbout(), prefix = "") {
  const { steps, notes } = about;
  const probability = await inflate(`${prefix}probability`);
  const music = await inflate(`${prefix}music`);
  const layers = []; // one after the other: what is compressed takes memory, too
  for (const [number, layer] of about.layers.entries())
    layers.push(await readLayer(layer, `${prefix}${number}`, about));
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

function readAbout() {
  return JSON.parse(document.getElementById("about").textContent);
}

async function readLayer({ name, neurons, upward, weights }, number, about) {
  const { steps, notes } = about;
  const layer = { name, neurons, upward };
  const parts = ["c", "h", ...(about.stored ? about.gates : [])];
  for (const part of parts) layer[part] = await inflate(`${number}-${part}`);
  addPrevious(layer.c, steps);
  addPredictedH(layer.h, layer.c, steps, about);
  if (about.stored) {
    for (const gate of "ifo") addPrevious(layer[gate], steps);
    addPredictedG(layer.g, layer, upward, steps, notes, about);
  }
  if (about.tuning) {
    layer.curves = {};
    for (const { name: curve } of about.tuning.curves)
      layer.curves[curve] = await inflate(`${number}-curve-${curve}`);
  }
  if (weights) {
    const matrix = new Int8Array((await inflate(`${number}-weights`)).buffer);
    layer.weights = { ...weights, matrix };
  }
  return layer;
}

/** Return where in the music a step decides: "bar 2, beat 1"; the first full bar is 1. */
export function barName(trace, step) {
  const number = trace.bars[step + 1]; // step s decides the music of step s + 1
  const beat = Math.floor(trace.position[step + 1] / 4) + 1;
  return number === 0 ? "pickup" : `bar ${number}, beat ${beat}`;
}

/** Return the steps at which a bar begins (or with every = 4, a beat).
 *
 * With `later` = 0 they are the steps that hear it, with 1 those that decide it.
 */
export function barLines(trace, later, every = Infinity) {
  const lines = [];
  for (let step = 0; step < trace.steps; step++) {
    const position = trace.position[step + later];
    if (position === 0 || position % every === 0) lines.push(step);
  }
  return lines;
}

/** Return the next step, or the previous one, that decides the first step of a bar. */
export function barLine(trace, step, forward) {
  const begins = (s) => s > 0 && trace.bars[s + 1] !== trace.bars[s];
  let found = step + (forward ? 1 : -1);
  while (found > 0 && found < trace.steps - 1 && !begins(found))
    found += forward ? 1 : -1;
  return found;
}

/** Return the notes that are chosen as { note, start, stop }: from start up to stop.
 *
 * With another function than `trace.chosen`, such as `trace.heard`: those notes.
 */
export function soundingNotes(trace, state = trace.chosen) {
  const found = [];
  for (let note = 0; note < trace.notes; note++) {
    let start = null;
    for (let step = -1; step <= trace.steps; step++) {
      const sounds = step < trace.steps && state(PLAYED, note, step);
      const struck = sounds && state(ARTICULATED, note, step);
      if (start !== null && (!sounds || struck))
        found.push({ note, start, stop: step });
      if (!sounds) start = null;
      else if (struck || start === null) start = step;
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Return the notes that sound at a step: those it decides. */
export function soundingAt(trace, step) {
  const all = Array.from({ length: trace.notes }, (_, note) => note);
  return all.filter((note) => trace.chosen(PLAYED, note, step));
}

const PITCH_CLASSES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/** Return the note of a name such as "c5" or "bb4", or -1 if the trace has none. */
export function noteNamed(trace, text) {
  const [, letter, sign, octave] = text.match(/^([a-g])([#b]?)(-?\d+)$/i) ?? [];
  if (!letter) return -1;
  const natural = PITCH_CLASSES.indexOf(letter.toUpperCase());
  const midi = 12 * (Number(octave) + 1) + natural + { "#": 1, b: -1, "": 0 }[sign.toLowerCase()];
  const note = midi - trace.low;
  return note >= 0 && note < trace.notes ? note : -1;
}

/** Return the name of a note of the trace; C4 is MIDI note 60. */
export function pitchName(trace, note) {
  const midi = trace.low + note;
  return `${PITCH_CLASSES[midi % 12]}${Math.floor(midi / 12) - 1}`;
}
