// Bytes back to values, with the rounding error.
//
// Each of these functions returns { value, text }. In a text such as "0.43 ±0.02", the
// error is that of the byte and that of the digits shown together: the value in the
// trace is within this distance.

const logit = (p) => Math.log(p / (1 - p));

function withError(value, byteError, digits) {
  const unit = 10 ** -digits;
  const error = Math.ceil((byteError + unit / 2) / unit - 1e-9) * unit;
  const number = value
    .toFixed(digits)
    .replace(/^-0(\.0+)$/, "0$1")
    .replace("-", "−");
  return { value, text: `${number} ±${error.toFixed(digits)}` };
}

/** Return a hidden or cell state x, from its byte floor(255 σ(x)). */
export function stateOf(trace, byte) {
  const value = trace.values[byte];
  const edge = Math.abs(value).toFixed(1);
  if (byte === 0) return { value, text: `< −${edge}` }; // the byte of all lower values
  if (byte >= 254) return { value, text: `> ${edge}` };
  const error = (logit((byte + 1) / 255) - logit(byte / 255)) / 2;
  return withError(value, error, error < 0.1 ? 2 : 1);
}

/** Return a gate: stored in steps of 1 / levels, or computed with an error. */
export function gateOf(trace, gate, value) {
  return withError(value, trace.gateErrors?.[gate] ?? 0.5 / trace.levels, 2);
}

/** Return a probability p, from its byte floor(255 p). */
export function probabilityOf(byte) {
  if (byte === 0) return { value: 0, text: "< 0.004" };
  if (byte === 255) return { value: 1, text: "1" };
  return withError((byte + 0.5) / 255, 0.5 / 255, 3);
}
