// What a neuron follows: its tuning curves, beside the band of chance, and in words.

import { add, get } from "./elements.js";
import { drawAlong, drawPath } from "./time.js";

/** Return { value, low, high }, the points of a curve of one neuron and its band. */
export function curveOf(trace, { name, points, scales }, layer, index) {
  const { neurons, curves } = trace.layers[layer];
  const scale = scales[layer][index] / 127;
  const line = (which) =>
    Array.from({ length: points }, (_, point) => {
      const byte = curves[name][(point * 3 + which) * neurons + index];
      return (byte - 128) * scale;
    });
  return { value: line(0), low: line(1), high: line(2) };
}

/** Append a small drawing of a tuning curve; in the shaded band it would be by chance. */
export function smallTuning(parent, { value, low, high }) {
  const svg = drawAlong(parent, value.length, 100);
  svg.setAttribute("class", "small tuning");
  svg.setAttribute("aria-hidden", "true");
  const extent = Math.max(...[value, low, high].flat().map(Math.abs), 1e-9);
  const y = (x) => (50 - (48 * x) / extent).toFixed(1);
  const steps = (line) => line.map((x, k) => `V${y(x)}H${k + 1}`).join("");
  const back = low
    .map((x, k) => `V${y(x)}H${k}`)
    .reverse()
    .join("");
  drawPath(svg, "sounds").setAttribute("d", `M0 ${y(high[0])}${steps(high)}${back}Z`);
  drawPath(svg, "zero").setAttribute("d", `M0 50H${value.length}`);
  drawPath(svg, "curve").setAttribute("d", `M0 ${y(value[0])}${steps(value)}`);
  return svg;
}

/** Return in words what a neuron follows: "beat, interval +2". */
export function followsInWords(trace, layer, index) {
  const found = trace.tuning.columns.filter(({ follows }) => follows?.[layer][index]);
  return found.map(({ name, at }) => (at ? `${name} ${at[layer][index]}` : name)).join(", ");
}

/** Show what the selected neuron follows. */
export function showTuning(trace, layer, index) {
  get("tuned").hidden = !trace.tuning;
  if (!trace.tuning) return;
  const words = followsInWords(trace, layer, index);
  get("follows").textContent = words
    ? `It follows: ${words}.`
    : "It follows nothing that is measured, by more than chance.";
  get("tuning-curves").replaceChildren();
  for (const curve of trace.tuning.curves) {
    const figure = add(get("tuning-curves"), "figure");
    const points = curveOf(trace, curve, layer, index);
    smallTuning(figure, points);
    const best = points.value.reduce((k, x, j) => (x > points.value[k] ? j : k), 0);
    const last = curve.first + curve.points - 1;
    add(figure, "figcaption").textContent =
      `${curve.name}: ${curve.about}, ${curve.first} to ${last}; ` +
      `highest at ${curve.first + best}`;
  }
}
