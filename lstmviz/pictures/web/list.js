// The list of all neurons: sorted by what they follow, with small tuning curves.

import { add, get } from "./elements.js";
import { neuronButton } from "./rows.js";
import { curveOf, smallTuning } from "./tuning.js";

const MORE = 20; // rows that are shown at first, and that each click adds

/** Return the columns of the list: { key, name, about, values }, a number a neuron.
 *
 * The first is measured here, on the music of the page; the others are in the file.
 * `values` has one array a layer.
 */
export function listColumns(trace) {
  const lively = {
    key: "lively",
    name: "variance",
    about: "variance of h over the steps and notes of this page",
    values: trace.layers.map((_, layer) => variances(trace, layer)),
    digits: 3,
  };
  return [lively, ...(trace.tuning?.columns ?? [])];
}

/** Return the variance of h of every neuron of a layer, over steps and notes. */
function variances(trace, layer) {
  const { h, neurons } = trace.layers[layer];
  const size = trace.notes * trace.steps;
  const found = new Float32Array(neurons);
  for (let index = 0; index < neurons; index++) {
    let [sum, squares] = [0, 0];
    for (let at = index * size; at < (index + 1) * size; at++) {
      const value = trace.values[h[at]];
      sum += value;
      squares += value * value;
    }
    found[index] = squares / size - (sum / size) ** 2;
  }
  return found;
}

export class NeuronList {
  /** actions: show, choose. */
  constructor(trace, actions) {
    this.trace = trace;
    this.actions = actions;
    this.columns = listColumns(trace);
    this.curves = trace.tuning?.curves ?? [];
    this.rows = MORE;
    for (const name of ["all layers", ...trace.layers.map(({ name }) => name)])
      add(get("list-layer"), "option").textContent = name;
    for (const { name } of this.columns)
      add(get("list-sort"), "option").textContent = name;
    get("list-layer").addEventListener("change", () =>
      this.ask({ only: get("list-layer").selectedIndex - 1 }),
    );
    get("list-sort").addEventListener("change", () =>
      this.ask({ sort: this.columns[get("list-sort").selectedIndex].key }),
    );
    get("list-more").addEventListener("click", () => {
      this.rows += MORE;
      this.build();
    });
    get("list-source").textContent = trace.tuning?.source ?? "";
    this.headings = this.makeHead();
  }

  /** Ask for another order or for other layers, from the top. */
  ask(change) {
    this.actions.show({ list: { ...this.shown, ...change } });
  }

  makeHead() {
    const row = add(get("list-head"), "tr");
    add(row, "th").textContent = "neuron";
    for (const { name, about } of this.curves) {
      const head = add(row, "th");
      head.textContent = `${name} curve`;
      head.title = about;
    }
    return this.columns.map(({ key, name, about }) => {
      const head = add(row, "th", "value");
      const button = add(head, "button");
      button.type = "button";
      button.textContent = name;
      button.title = about;
      button.addEventListener("click", () => this.ask({ sort: key }));
      return head;
    });
  }

  /** Draw, if the order or the layers have changed, or mark another neuron. */
  draw({ list, layer, index }) {
    if (list !== this.shown) {
      this.shown = list;
      this.rows = MORE;
      this.build();
    }
    for (const row of get("list-rows").children) {
      const [of, number] = row.dataset.neuron.split(" ").map(Number);
      row.classList.toggle("chosen", of === layer && number === index);
    }
  }

  build() {
    const { trace, columns, shown } = this;
    const sorted = columns.findIndex(({ key }) => key === shown.sort);
    const { values } = columns[Math.max(sorted, 0)];
    get("list-layer").selectedIndex = shown.only + 1;
    get("list-sort").selectedIndex = Math.max(sorted, 0);
    this.headings.forEach((head, k) => {
      if (k === sorted) head.setAttribute("aria-sort", "descending");
      else head.removeAttribute("aria-sort");
    });
    const neurons = trace.layers.flatMap((layer, number) =>
      shown.only >= 0 && shown.only !== number
        ? []
        : Array.from({ length: layer.neurons }, (_, index) => ({ layer: number, index })),
    );
    const size = ({ layer, index }) => Math.abs(values[layer][index]);
    neurons.sort((a, b) => size(b) - size(a));
    get("list-rows").replaceChildren();
    for (const neuron of neurons.slice(0, this.rows)) this.addRow(neuron);
    get("list-count").textContent =
      `${Math.min(this.rows, neurons.length)} of ${neurons.length} neurons, ` +
      `the largest ${columns[Math.max(sorted, 0)].name} first`;
    get("list-more").hidden = this.rows >= neurons.length;
  }

  addRow(neuron) {
    const { layer, index } = neuron;
    const row = add(get("list-rows"), "tr");
    row.dataset.neuron = `${layer} ${index}`;
    neuronButton(add(row, "th"), this.trace, neuron, this.actions.choose);
    for (const curve of this.curves)
      smallTuning(add(row, "td"), curveOf(this.trace, curve, layer, index));
    for (const { values, digits, follows, at } of this.columns) {
      const cell = add(row, "td", "value");
      const where = at ? ` at ${signedWhole(at[layer][index])}` : "";
      cell.textContent = shortNumber(values[layer][index], digits) + where;
      if (!follows?.[layer][index]) continue;
      cell.classList.add("found");
      cell.title = "more than chance, and learned";
    }
  }
}

/** Return a number with some digits and a minus sign; NaN is a dash. */
export function shortNumber(x, digits = 2) {
  return Number.isFinite(x) ? x.toFixed(digits).replace("-", "−") : "–";
}

export const signedWhole = (x) => `${x < 0 ? "−" : "+"}${Math.abs(x)}`;
