// What a byte tells of the value it was made from, and how surely.
//
// Each of these returns { value, text }. A text such as "0.43 ±0.02" allows for the
// byte and for the digits shown: the value in the trace lies within that distance.

const logit = (p) => Math.log(p / (1 - p));

function told(value, error, digits) {
  const unit = 10 ** -digits;
  const off = Math.ceil((error + unit / 2) / unit - 1e-9) * unit;
  const number = value
    .toFixed(digits)
    .replace(/^-0(\.0+)$/, "0$1")
    .replace("-", "−");
  return { value, text: `${number} ±${off.toFixed(digits)}` };
}

/** Read a hidden or cell state from its pixel, floor(255 σ(x)). */
export function stateOf(trace, byte) {
  const value = trace.values[byte];
  const edge = Math.abs(value).toFixed(1);
  if (byte === 0) return { value, text: `< −${edge}` }; // the pixel can tell no more
  if (byte >= 254) return { value, text: `> ${edge}` };
  const error = (logit((byte + 1) / 255) - logit(byte / 255)) / 2;
  return told(value, error, error < 0.1 ? 2 : 1);
}

/** Read a gate from its level; g lies between -1 and 1, the others between 0 and 1. */
export function gateOf(trace, gate, level) {
  const value = (level + 0.5) / trace.levels - (gate === "g" ? 1 : 0);
  return told(value, 0.5 / trace.levels, 2);
}

/** Read a probability from its pixel, floor(255 p). */
export function probabilityOf(byte) {
  if (byte === 0) return { value: 0, text: "< 0.004" };
  if (byte === 255) return { value: 1, text: "1" };
  return told((byte + 0.5) / 255, 0.5 / 255, 3);
}
