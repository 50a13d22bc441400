// Text of the page to bytes, and residuals to values: the inverse of packing.py.

/** Return the decompressed bytes of an array of the page, and free its text. */
export async function inflate(name) {
  const element = document.getElementById(`array-${name}`);
  const bytes = bytesOf(element.textContent);
  element.textContent = "";
  const inflating = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(inflating).arrayBuffer());
}

// Every byte of the page is one character of windows-1252, the character set in which
// the browser reads it. This table turns the codes of characters back into bytes.
const ALL = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const CHARACTERS = new TextDecoder("windows-1252").decode(ALL);
const BYTES = new Uint8Array(0x10000);
for (const byte of ALL) BYTES[CHARACTERS.charCodeAt(byte)] = byte;
const ESCAPED = { a: 1, b: 0, c: 13, d: 60 }; // the character after a byte of 1 -> byte

/** Return the bytes that a text stands for. */
function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[at++] = code === 1 ? ESCAPED[text[++i]] : BYTES[code];
  }
  return bytes.subarray(0, at);
}

// Each of these functions turns residuals into values, in place, by adding the
// prediction. Arrays have the axes (neuron, note, step); the last is `steps` long.

/** Add the prediction that a value stays as it was at the previous step. */
export function addPrevious(array, steps) {
  for (let row = 0; row < array.length; row += steps) {
    let previous = 127;
    for (let at = row; at < row + steps; at++) previous = array[at] += previous;
  }
}

/** Add the prediction h = o tanh(c), with the output gate of the previous step. */
export function addPredictedH(h, c, steps, { tanh, levels }) {
  for (let row = 0; row < h.length; row += steps) {
    let o = levels / 2;
    for (let at = row; at < row + steps; at++) {
      const t = tanh[c[at]];
      h[at] += Math.floor(127 + o * t);
      if (Math.abs(t) < 0.02) o = levels / 2;
      else o = Math.min(Math.max((h[at] - 126.5) / t, 0), levels);
    }
  }
}

/** Add the prediction g = (c - f c_previous) / i. */
export function addPredictedG(g, { i, f, c }, upward, steps, notes, about) {
  const { values, levels } = about;
  for (let at = 0; at < g.length; at++) {
    const first = upward ? at % (notes * steps) < steps : at % steps === 0;
    const previous = first ? 127 : c[at - (upward ? steps : 1)];
    const input = (i[at] + 0.5) / levels;
    const forget = (f[at] + 0.5) / levels;
    const predicted = (values[c[at]] - forget * values[previous]) / input;
    const clipped = Math.min(Math.max(predicted, -1), 1);
    g[at] += Math.min(Math.floor(levels * (clipped + 1)), 2 * levels - 1);
  }
}
