// Rows of neurons and of moments, which several panels list.

import { add } from "./elements.js";
import { drawAlong, drawPath } from "./time.js";
import { barName } from "./trace.js";

/** Append a button with the name of a neuron, which selects it. */
export function neuronButton(parent, trace, { layer, index }, choose) {
  const button = add(parent, "button", "name");
  button.type = "button";
  button.textContent = `${trace.layers[layer].name} ${index}`;
  button.addEventListener("click", () => choose({ layer, index }));
  return button;
}

/** Append a row for the steps of a span: go there, how good it is, and hear it.
 *
 * A span can also name a note, which is then selected.
 */
export function momentRow(list, trace, span, words, actions) {
  const row = add(list, "li", "moment");
  const go = add(row, "button", "name");
  go.type = "button";
  go.textContent = `step ${span.start}, ${barName(trace, span.start)}`;
  go.addEventListener("click", () => {
    if (span.note !== undefined) actions.show({ note: span.note });
    actions.seek(span.start);
  });
  add(row, "span", "words").textContent = words;
  const hear = add(row, "button", "hear");
  hear.type = "button";
  hear.textContent = "▶";
  hear.setAttribute("aria-label", `Play from step ${span.start}`);
  hear.addEventListener("click", () => actions.hear(span.start, span.stop));
  return row;
}

/** Append a small curve of values between low and high; some steps can be shaded. */
export function smallCurve(parent, values, low, high, shaded = null) {
  const svg = drawAlong(parent, values.length, 100);
  svg.setAttribute("class", "small");
  svg.setAttribute("aria-hidden", "true");
  const y = (value) => (100 * (high - Math.min(Math.max(value, low), high))) / (high - low);
  const path = (className, d) => drawPath(svg, className).setAttribute("d", d);
  if (shaded) path("sounds", `M${shaded.start} 0H${shaded.stop}V100H${shaded.start}Z`);
  if (low < 0) path("zero", `M0 ${y(0)}H${values.length}`);
  const line = Array.from(values, (value, k) => `V${y(value).toFixed(1)}H${k + 1}`);
  path("curve", `M0 ${y(values[0]).toFixed(1)}${line.join("")}`);
  return svg;
}

export const signed = (x) => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(2)}`;
