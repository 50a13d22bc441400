// The panel that finds: neurons of a selected span, spans and moments that are alike.

import { add, get } from "./elements.js";
import { signedWhole } from "./list.js";
import { bestApart, clearest, momentsLike, rankNeurons, searchElsewhere } from "./match.js";
import { momentRow, neuronButton, signed, smallCurve } from "./rows.js";
import { barName, pitchName } from "./trace.js";

const SHOWN = 12; // neurons of a span
const USED = 8; // of them, the clearest, at most: to search with
const FOUND = 8; // moments and spans
const HALF_ON = 0.25; // the least likeness of a span that is listed
const LIKE = 0.3; // the least cosine similarity of a moment

export class Alike {
  /** Connect the fields; actions: show, seek, hear, choose. */
  constructor(trace, actions) {
    this.trace = trace;
    this.actions = actions;
    this.found = null; // what the time line shows
    for (const id of ["select-low", "select-high"])
      for (let note = 0; note < trace.notes; note++)
        add(get(id), "option").textContent = pitchName(trace, note);
    trace.layers.forEach(({ name }) => (add(get("like-layer"), "option").textContent = name));
    for (const id of ["select-start", "select-last", "select-low", "select-high"])
      get(id).addEventListener("change", () => this.readFields());
    get("hear-selection").addEventListener("click", () =>
      actions.hear(this.select.start, this.select.stop),
    );
    get("clear-selection").addEventListener("click", () => actions.show({ select: null }));
    get("like-layer").addEventListener("change", () => this.look());
    get("find-like").addEventListener("click", () => this.look());
  }

  /** Select what the fields say; where they make no sense, the nearest that does. */
  readFields() {
    const { steps } = this.trace;
    const number = (id, low, high) =>
      Math.min(Math.max(Math.round(Number(get(id).value)) || 0, low), high);
    const start = number("select-start", 0, steps - 1);
    const low = get("select-low").selectedIndex;
    const select = {
      start,
      stop: number("select-last", start, steps - 1) + 1,
      low,
      high: Math.max(get("select-high").selectedIndex, low) + 1,
    };
    this.actions.show({ select });
  }

  /** Find moments like the current step. */
  look() {
    this.actions.show({
      like: { step: this.step, layer: get("like-layer").selectedIndex },
    });
  }

  /** Show what is found for a place; nothing is computed twice, nor during a drag. */
  draw({ step, select, dragging, like }) {
    this.step = step;
    get("like-step").textContent = step;
    if (dragging) return;
    if (select !== this.select) this.drawSelection(select);
    if (like !== this.like) this.drawMoments(like);
  }

  drawSelection(select) {
    const { trace, actions } = this;
    this.select = select;
    for (const list of ["ranked", "elsewhere"]) get(list).replaceChildren();
    get("selected").hidden = !select;
    get("nothing-selected").hidden = Boolean(select);
    if (this.found?.kind === "spans") this.found = null;
    if (!select) return;
    get("select-start").value = select.start;
    get("select-last").value = select.stop - 1;
    get("select-low").selectedIndex = select.low;
    get("select-high").selectedIndex = select.high - 1;

    const ranked = rankNeurons(trace, select).slice(0, SHOWN);
    for (const neuron of ranked) {
      const row = add(get("ranked"), "li");
      neuronButton(row, trace, neuron, actions.choose);
      const extent = Math.max(...neuron.h.map(Math.abs));
      smallCurve(row, neuron.h, -extent, extent, select);
      const [inside, around] = [neuron.inside, neuron.around].map(signed);
      add(row, "span", "words").textContent = `${inside} there, ${around} around`;
    }
    const used = clearest(ranked, USED);
    const places = searchElsewhere(trace, select, used);
    const spans = bestApart(places, select, HALF_ON, FOUND);
    for (const span of spans) {
      const moved = span.shift ? `, ${signedWhole(span.shift)} semitones` : "";
      const words = `${span.on} of ${used.length}${moved}`;
      momentRow(get("elsewhere"), trace, span, words, actions);
    }
    get("used").textContent = used.length;
    get("no-elsewhere").hidden = spans.length > 0;
    const likeness = new Float32Array(trace.steps);
    for (const place of places) likeness[place.start] = place.likeness;
    const text = `${spans.length} other spans with the same neurons`;
    this.found = { kind: "spans", spans, likeness, text };
  }

  drawMoments(like) {
    const { trace, actions } = this;
    this.like = like;
    get("moments").replaceChildren();
    get("like-what").textContent = "";
    if (this.found?.kind === "moments") this.found = null;
    if (!like) return;
    get("like-layer").selectedIndex = like.layer;
    const { name } = trace.layers[like.layer];
    const likeness = momentsLike(trace, like.layer, like.step);
    const all = Array.from(likeness, (value, step) => {
      return { start: step, stop: step + 1, likeness: value };
    });
    const itself = { start: like.step, stop: like.step + 1 };
    const spans = bestApart(all, itself, LIKE, FOUND);
    for (const span of spans) {
      const long = { ...span, stop: Math.min(span.start + 8, trace.steps) };
      momentRow(get("moments"), trace, long, span.likeness.toFixed(2), actions);
    }
    get("like-what").textContent =
      `like step ${like.step} (${barName(trace, like.step)}) in ${name}: ` +
      (spans.length ? "cosine similarity of h" : "none");
    const text = `${spans.length} moments like step ${like.step}`;
    this.found = { kind: "moments", spans, likeness, text };
  }
}
