// The inspector: the selected neuron over time and notes, the selected note over time.

import { Chart } from "./curves.js";
import { get } from "./elements.js";
import { neuronPicture } from "./snapshot.js";
import { ARTICULATED, PLAYED, pitchName, soundingNotes } from "./trace.js";
import { gateOf, probabilityOf, stateOf } from "./values.js";

export class Inspector {
  constructor(trace, { point, choose, seek }) {
    this.trace = trace;
    this.sounding = soundingNotes(trace);
    const chart = (parent, ...names) =>
      new Chart(get(parent), names, trace.steps, seek);
    this.charts = {
      h: chart("neuron-curves", "h"),
      c: chart("neuron-curves", "c"),
      note: chart("note-curves", "play", "articulate"),
    };
    if (trace.gates.length) {
      this.charts.gates = chart("neuron-curves", "i", "f", "o");
      this.charts.g = chart("neuron-curves", "g");
    } else {
      get("no-gates").textContent =
        "This file does not include the gates (lstmviz page --gates includes them).";
    }
    this.canvas = get("neuron");
    this.canvas.width = trace.steps;
    this.canvas.height = trace.notes;
    get("picture").style.setProperty("--rows", trace.notes);
    const pixel = ({ clientX, clientY }) => {
      const box = this.canvas.getBoundingClientRect();
      const step = Math.floor(((clientX - box.left) / box.width) * trace.steps);
      const row = Math.floor(((clientY - box.top) / box.height) * trace.notes);
      const within = (x, end) => Math.min(Math.max(x, 0), end - 1);
      return {
        step: within(step, trace.steps),
        note: trace.notes - 1 - within(row, trace.notes),
      };
    };
    this.canvas.addEventListener("pointermove", (event) => {
      const { layer, index } = this.shown;
      const place = pixel(event);
      point(() => ({ kind: "neuron", layer, index, ...place }));
    });
    this.canvas.addEventListener("pointerleave", () => point(null));
    this.canvas.addEventListener("click", (event) => choose(pixel(event)));
  }

  draw(place) {
    const { layer, index, note, music, step } = place;
    const shown = this.shown ?? {};
    const newNeuron = layer !== shown.layer || index !== shown.index;
    const newNote = note !== shown.note;
    if (newNeuron || music !== shown.music) this.drawPicture(layer, index, music);
    if (newNote) this.plotNote(note);
    if (newNeuron || newNote) this.plotNeuron(layer, index, note);
    this.shown = { layer, index, note, music };
    for (const chart of Object.values(this.charts)) chart.mark(step);
    const across = (100 * (step + 0.5)) / this.trace.steps;
    const down = (100 * (this.trace.notes - note - 0.5)) / this.trace.notes;
    get("picture").style.setProperty("--step", `${across}%`);
    get("picture").style.setProperty("--note", `${down}%`);
  }

  drawPicture(layer, index, music) {
    const name = `${this.trace.layers[layer].name} ${index}`;
    get("neuron-name").textContent = name;
    this.canvas.setAttribute("aria-label", `Neuron ${name} over steps and notes`);
    const image = neuronPicture(this.trace, layer, index, music);
    this.canvas.getContext("2d").putImageData(image, 0, 0);
  }

  plotNeuron(layer, index, note) {
    const { trace, charts } = this;
    const arrays = trace.layers[layer];
    const start = trace.at(index, note, 0);
    const curve = (name, read) =>
      Array.from(arrays[name].subarray(start, start + trace.steps), read);
    const spans = this.spans(note);
    charts.h.plot({ h: curve("h", (byte) => stateOf(trace, byte)) }, -1, 1, spans);
    const c = curve("c", (byte) => stateOf(trace, byte));
    const widest = Math.max(1, ...c.map(({ value }) => Math.ceil(Math.abs(value))));
    charts.c.plot({ c }, -widest, widest, spans);
    if (!charts.gates) return;
    const gate = (name) => curve(name, (level) => gateOf(trace, name, level));
    charts.gates.plot({ i: gate("i"), f: gate("f"), o: gate("o") }, 0, 1, spans);
    charts.g.plot({ g: gate("g") }, -1, 1, spans);
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
    this.charts.note.plot(curves, 0, 1, this.spans(note));
  }

  spans(note) {
    return this.sounding.filter((sound) => sound.note === note);
  }
}
