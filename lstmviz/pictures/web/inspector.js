// The inspector: the selected neuron over time and notes, the selected note over time.

import { Chart } from "./curves.js";
import { add, get } from "./elements.js";
import { gatesAlong } from "./gates.js";
import { mostActive } from "./match.js";
import { momentRow } from "./rows.js";
import { neuronPicture } from "./snapshot.js";
import { drawAlong, drawBars } from "./time.js";
import { ARTICULATED, PLAYED, pitchName, soundingNotes } from "./trace.js";
import { showTuning } from "./tuning.js";
import { gateOf, probabilityOf, stateOf } from "./values.js";

const ACTIVE = 4; // moments of a neuron that are listed
const HEARD = 8; // steps that one hears of each

export class Inspector {
  constructor(trace, actions) {
    const { point, seek } = actions;
    this.trace = trace;
    this.actions = actions;
    this.heard = soundingNotes(trace, trace.heard);
    this.sounding = soundingNotes(trace);
    const chart = (parent, later, ...names) =>
      new Chart(get(parent), names, trace, later, seek);
    this.charts = {
      h: chart("neuron-curves", 0, "h"),
      c: chart("neuron-curves", 0, "c"),
      note: chart("note-curves", 1, "play", "articulate"),
    };
    if (trace.gates.length) {
      this.charts.gates = chart("neuron-curves", 0, "i", "f", "o");
      this.charts.g = chart("neuron-curves", 0, "g");
    } else {
      get("no-gates").textContent =
        "This file does not include the gates " +
        "(lstmviz page --gates or --network includes them).";
    }
    this.canvas = get("neuron");
    this.canvas.width = trace.steps;
    this.canvas.height = trace.notes;
    document.documentElement.style.setProperty("--rows", trace.notes);
    const over = get("over-neuron");
    drawBars(drawAlong(over, trace.steps, 1), trace, 0, 1);
    add(over, "i", "at-step");
    add(over, "i", "at-note");
    this.selection = add(over, "i", "selection");
    this.canvas.addEventListener("pointermove", (event) => {
      const { layer, index } = this.shown;
      const place = this.pixel(event);
      point(() => ({ kind: "neuron", layer, index, ...place }));
    });
    this.canvas.addEventListener("pointerleave", () => point(null));
  }

  /** Return the step and note of the picture that are under the pointer. */
  pixel({ clientX, clientY }) {
    const { steps, notes } = this.trace;
    const box = this.canvas.getBoundingClientRect();
    const step = Math.floor(((clientX - box.left) / box.width) * steps);
    const row = Math.floor(((clientY - box.top) / box.height) * notes);
    const within = (x, end) => Math.min(Math.max(x, 0), end - 1);
    return { step: within(step, steps), note: notes - 1 - within(row, notes) };
  }

  draw(place) {
    const { layer, index, note, music, palette, step, select } = place;
    const shown = this.shown ?? {};
    const newNeuron = layer !== shown.layer || index !== shown.index;
    const newNote = note !== shown.note;
    if (newNeuron || music !== shown.music || palette !== shown.palette)
      this.drawPicture(layer, index, music, palette);
    if (newNeuron) {
      this.listActive(layer, index);
      showTuning(this.trace, layer, index);
    }
    if (newNote) this.plotNote(note);
    if (newNeuron || newNote) this.plotNeuron(layer, index, note);
    this.shown = { layer, index, note, music, palette };
    for (const chart of Object.values(this.charts)) chart.mark(step);
    const across = (100 * (step + 0.5)) / this.trace.steps;
    const down = (100 * (this.trace.notes - note - 0.5)) / this.trace.notes;
    // On these two alone: a variable of the whole page would restyle all of it.
    for (const id of ["picture", "pinned"]) {
      get(id).style.setProperty("--step", `${across}%`);
      get(id).style.setProperty("--note", `${down}%`);
    }
    placeSelection(this.selection, this.trace, select);
  }

  /** Say in words what picture and charts show; not while playing, that is too often. */
  tell({ layer, index, note, step, from, span }) {
    const { trace, charts } = this;
    for (const chart of Object.values(charts)) chart.tell(step);
    const state = (name) =>
      stateOf(trace, trace.layers[layer][name][trace.at(index, note, step)]).text;
    this.canvas.setAttribute(
      "aria-label",
      `Neuron ${trace.layers[layer].name} ${index} over steps ${from} to ` +
        `${from + span - 1} and notes ${pitchName(trace, 0)} to ` +
        `${pitchName(trace, trace.notes - 1)}; at step ${step}, note ` +
        `${pitchName(trace, note)}: h ${state("h")}, c ${state("c")}`,
    );
  }

  drawPicture(layer, index, music, palette) {
    get("neuron-name").textContent = `${this.trace.layers[layer].name} ${index}`;
    const image = neuronPicture(this.trace, layer, index, music, palette);
    this.canvas.getContext("2d").putImageData(image, 0, 0);
  }

  /** List the moments at which the neuron is most active. */
  listActive(layer, index) {
    const { trace } = this;
    get("active").replaceChildren();
    for (const moment of mostActive(trace, layer, index, ACTIVE)) {
      const note = pitchName(trace, moment.note);
      const words = `h ${stateOf(trace, moment.byte).text} at ${note}`;
      const span = { ...moment, stop: Math.min(moment.start + HEARD, trace.steps) };
      momentRow(get("active"), trace, span, words, this.actions);
    }
  }

  plotNeuron(layer, index, note) {
    const { trace, charts } = this;
    const { name, ...arrays } = trace.layers[layer];
    const start = trace.at(index, note, 0);
    const curve = (part) =>
      Array.from(arrays[part].subarray(start, start + trace.steps), (byte) =>
        stateOf(trace, byte),
      );
    const spans = this.heard.filter((sound) => sound.note === note);
    const where = `Neuron ${name} ${index} at note ${pitchName(trace, note)} over time`;
    charts.h.plot({ h: curve("h") }, -1, 1, spans, where);
    const c = curve("c");
    const widest = Math.max(1, ...c.map(({ value }) => Math.ceil(Math.abs(value))));
    charts.c.plot({ c }, -widest, widest, spans, where);
    if (!charts.gates) return;
    const along = gatesAlong(trace, layer, index, note);
    const gate = (part) =>
      Array.from(along[part], (value) => gateOf(trace, part, value));
    const gates = { i: gate("i"), f: gate("f"), o: gate("o") };
    charts.gates.plot(gates, 0, 1, spans, where);
    charts.g.plot({ g: gate("g") }, -1, 1, spans, where);
  }

  plotNote(note) {
    const { trace } = this;
    for (const name of document.querySelectorAll(".note-name")) {
      name.textContent = pitchName(trace, note);
    }
    const curve = (kind) => {
      const start = trace.at(kind, note, 0);
      return Array.from(
        trace.probability.subarray(start, start + trace.steps),
        probabilityOf,
      );
    };
    const curves = { play: curve(PLAYED), articulate: curve(ARTICULATED) };
    const spans = this.sounding.filter((sound) => sound.note === note);
    const where = `Probabilities of note ${pitchName(trace, note)} over time`;
    this.charts.note.plot(curves, 0, 1, spans, where);
  }
}

/** Place a mark over the selected steps and notes of a picture of all. */
export function placeSelection(mark, { steps, notes }, select) {
  mark.hidden = !select;
  if (!select) return;
  const { start, stop, low, high } = select;
  mark.style.left = `${(100 * start) / steps}%`;
  mark.style.width = `${(100 * (stop - start)) / steps}%`;
  mark.style.top = `${(100 * (notes - high)) / notes}%`;
  mark.style.height = `${(100 * (high - low)) / notes}%`;
}
