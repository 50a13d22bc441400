// From the text of the page back to bytes: the mirror of packing.py.

/** Return the bytes that the page holds under a name, inflated. */
export async function inflated(name) {
  const text = document.getElementById(`array-${name}`).textContent;
  const stream = new Blob([bytesOf(text)]).stream();
  const inflating = stream.pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(inflating).arrayBuffer());
}

// The page is of single bytes, and the browser has read each as a character of
// windows-1252, which has one for every byte. This is the way back.
const ALL = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const CHARACTERS = new TextDecoder("windows-1252").decode(ALL);
const BYTES = new Map([...CHARACTERS].map((character, byte) => [character.charCodeAt(0), byte]));
const ESCAPED = { a: 1, b: 0, c: 13, d: 60 }; // what stands behind a 1

/** Read text of a byte a character. */
function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 1) bytes[at++] = ESCAPED[text[++i]];
    else bytes[at++] = code < 128 ? code : BYTES.get(code);
  }
  return bytes.subarray(0, at);
}

// Each of these turns surprises into values, in place: guess, then add the surprise.
// Arrays lie as (neuron, note, step), `steps` long in the last axis.

/** Undo the guess that a value stays as it was at the step before. */
export function addBefore(array, steps) {
  for (let row = 0; row < array.length; row += steps) {
    let before = 127;
    for (let at = row; at < row + steps; at++) before = array[at] += before;
  }
}

/** Undo the guess h = o tanh(c), with the output gate of the step before. */
export function addGuessOfH(h, c, steps, { tanh, levels }) {
  const between = (x) => Math.min(Math.max(x, 0), levels);
  for (let row = 0; row < h.length; row += steps) {
    let o = levels / 2;
    for (let at = row; at < row + steps; at++) {
      const t = tanh[c[at]];
      h[at] += Math.floor(127 + o * t);
      o = Math.abs(t) < 0.02 ? levels / 2 : between((h[at] - 126.5) / t);
    }
  }
}

/** Undo the guess g = (c - f c_before) / i. */
export function addGuessOfG(g, { i, f, c }, upward, steps, notes, about) {
  const { values, levels } = about;
  for (let at = 0; at < g.length; at++) {
    const first = upward ? at % (notes * steps) < steps : at % steps === 0;
    const before = first ? 127 : c[at - (upward ? steps : 1)];
    const input = (i[at] + 0.5) / levels;
    const forget = (f[at] + 0.5) / levels;
    const guess = (values[c[at]] - forget * values[before]) / input;
    const clipped = Math.min(Math.max(guess, -1), 1);
    g[at] += Math.min(Math.floor(levels * (clipped + 1)), 2 * levels - 1);
  }
}
