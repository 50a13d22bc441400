// The note features, as in features.py: what the first layer hears of one note.

import { ARTICULATED, PLAYED } from "./trace.js";

const REACH = 12; // semitones of vicinity to either side: an octave
const STEPS_PER_BAR = 16;

/** Return the 80 numbers of a note. */
export function featuresAt(trace, note, step) {
  const { notes, low } = trace;
  const sounds = (kind, n) => (n >= 0 && n < notes ? trace.heard(kind, n, step) : 0);
  const pitchClass = (low + note) % 12;
  const classes = new Array(12).fill(0);
  classes[pitchClass] = 1;
  const vicinity = [];
  for (let interval = -REACH; interval <= REACH; interval++) {
    for (const kind of [PLAYED, ARTICULATED])
      vicinity.push(sounds(kind, note + interval));
  }
  const context = new Array(12).fill(0); // starts from the note's own pitch class
  for (let n = 0; n < notes; n++)
    context[(low + n - pitchClass + 12) % 12] += sounds(PLAYED, n);
  const position = trace.position[step];
  const beat = [0, 1, 2, 3].map((k) => 2 * (((position % STEPS_PER_BAR) >> k) & 1) - 1);
  const longBar = Number(position >= STEPS_PER_BAR);
  return [note, ...classes, ...vicinity, ...context, ...beat, longBar];
}
