// Colours: from the bytes of h, c and probabilities to pixels, in two palettes.
//
// These are the palettes of colours.py. "green-blue" has exactly the same bytes. In
// "colour-blind" the green of a pixel is the mean of two rounded bytes, so it can be
// lower by 1 than in the pictures.

export const PALETTES = ["green-blue", "colour-blind"];

const STRUCK = 255; // how much lighter a note makes a neuron's pixel, out of 255
const HELD = 128;

/** Paint a neuron: h green and c blue, or h orange and c blue. */
export function paintNeuron(pixels, at, h, c, palette) {
  const blind = palette === "colour-blind";
  pixels[at] = blind ? h : 0;
  pixels[at + 1] = blind ? (h + c) >> 1 : h;
  pixels[at + 2] = c;
}

/** Make a neuron's pixel lighter where a note sounds: red alone, or all three. */
export function lightenNote(pixels, at, played, struck, palette) {
  const light = struck ? STRUCK : HELD * played;
  const channels = palette === "colour-blind" ? 3 : 1;
  for (let k = at; k < at + channels; k++)
    pixels[k] = Math.floor(pixels[k] + ((255 - pixels[k]) * light) / 255);
}

/** Paint a step of the score: the byte of P(play), and whether played and struck. */
export function paintScore(pixels, at, p, played, struck, palette) {
  if (palette === "colour-blind") {
    const count = played + struck;
    pixels[at] = Math.floor(127.5 * count);
    pixels[at + 1] = Math.floor(63.75 * count + p / 2);
    pixels[at + 2] = p;
  } else {
    pixels[at] = p;
    pixels[at + 1] = 255 * played;
    pixels[at + 2] = 255 * struck;
  }
}

/** Paint a decision: a grey probability, and beside it whether it was chosen. */
export function paintDecision(pixels, at, p, chosen, palette) {
  pixels.fill(p, at, at + 3);
  pixels[at + 4] = 255 * chosen;
  pixels[at + 5] = palette === "colour-blind" ? 127 * chosen : 0;
}
