// The stage: the snapshot, with names beside it and marks over it.
//
// The canvas has exactly the pixels of the raw snapshot and is only displayed larger.
// All names and marks are elements of their own, placed in units of one neuron, which
// is --z pixels wide.

import { add, get } from "./elements.js";
import { showsAll } from "./layout.js";
import { itemAt, plan, snapshot } from "./snapshot.js";
import { barName, pitchName, soundingAt } from "./trace.js";

export class Stage {
  constructor(trace, { point }) {
    this.trace = trace;
    this.plan = plan(trace);
    this.sheet = get("sheet");
    this.canvas = get("snapshot");
    this.canvas.width = this.plan.width;
    this.canvas.height = this.plan.height;
    this.context = this.canvas.getContext("2d");
    this.sheet.style.setProperty("--width", this.plan.width);
    this.sheet.style.setProperty("--height", this.plan.height);
    this.label();
    this.marks = this.makeMarks();
    this.marks.dim.hidden = true;
    this.canvas.addEventListener("pointermove", (event) => {
      const [x, y] = this.pixel(event);
      point((step) => itemAt(trace, x, y, step));
    });
    this.canvas.addEventListener("pointerleave", () => point(null));
    this.fitting = true;
    addEventListener("resize", () => this.fitting && this.fit());
    this.fit();
  }

  /** Return the pixel of a raw snapshot that is under the pointer. */
  pixel({ clientX, clientY }, canvas = this.canvas) {
    const box = canvas.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * this.plan.width;
    const y = ((clientY - box.top) / box.height) * this.plan.height;
    return [Math.floor(x), Math.floor(y)];
  }

  /** Return the step and note of the score under the pointer, or null beside it. */
  scorePlace(event, step) {
    const [x, y] = this.pixel(event);
    const item = itemAt(this.trace, x, y, step);
    return item?.kind === "score" ? item : null;
  }

  /** Draw a place, and mark the item under the pointer. */
  draw({ step, layer, index, note, palette, select }, pointed) {
    this.context.putImageData(snapshot(this.trace, step, palette), 0, 0);
    const { bands } = this.plan;
    const row = (n) => this.trace.notes - 1 - n;
    bands.forEach(({ left, top, columns }, place) => {
      placeMark(this.marks.rows[place], left, top + row(note), columns, 1);
    });
    const band = bands[layer + 1];
    placeMark(this.marks.column, band.left + index, band.top, 1, this.trace.notes);
    this.markSelection(select, step);
    this.marks.cell.hidden = pointed?.kind !== "neuron" || pointed.step !== step;
    if (this.marks.cell.hidden) return;
    const { left, top } = bands[pointed.layer + 1];
    placeMark(this.marks.cell, left + pointed.index, top + row(pointed.note), 1, 1);
  }

  /** Mark the part of the selection that is in the score now. */
  markSelection(select, step) {
    const mark = this.marks.selection;
    const [score] = this.plan.bands;
    const first = step + 1 - score.columns; // the step of the leftmost column
    const start = Math.max(select?.start ?? 0, first, 0);
    const stop = Math.min(select?.stop ?? 0, step + 1);
    mark.hidden = start >= stop;
    if (mark.hidden) return;
    const top = score.top + this.trace.notes - select.high;
    const tall = select.high - select.low;
    placeMark(mark, score.left + start - first, top, stop - start, tall);
  }

  /** Mark notes of the score: { note, start, stop, share }, of which share is -1 to 1. */
  markNotes(notes, step) {
    const [score] = this.plan.bands;
    const first = step + 1 - score.columns;
    const marks = this.marks.notes;
    const { dim } = this.marks;
    dim.hidden = notes.length === 0;
    placeMark(dim, score.left, score.top, score.columns, this.trace.notes);
    while (marks.length < notes.length) marks.push(add(get("frame"), "div", "mark"));
    marks.forEach((mark, k) => {
      const { note, start, stop, share } = notes[k] ?? { stop: -1 };
      const from = Math.max(start, first);
      const to = Math.min(stop, step + 1);
      mark.hidden = !(from < to);
      if (mark.hidden) return;
      mark.className = `mark ${share < 0 ? "against" : "for"}`;
      mark.style.setProperty("--share", Math.sqrt(Math.abs(share)).toFixed(2));
      const top = score.top + this.trace.notes - 1 - note;
      placeMark(mark, score.left + from - first, top, to - from, 1);
    });
  }

  /** Say in words what the snapshot shows. */
  tell({ step, layer, index, note }) {
    const { trace } = this;
    const sounding = soundingAt(trace, step).map((n) => pitchName(trace, n));
    this.canvas.setAttribute(
      "aria-label",
      `The network at step ${step}, ${barName(trace, step)}; ` +
        `it plays ${sounding.join(", ") || "nothing"}; selected: neuron ` +
        `${trace.layers[layer].name} ${index}, note ${pitchName(trace, note)}`,
    );
  }

  // Size: screen pixels of a neuron, the same for all ---------------------------------

  set size(pixels) {
    this.pixels = Math.min(Math.max(pixels, 0.5), 16);
    const zoom = this.pixels / devicePixelRatio;
    this.sheet.style.setProperty("--z", zoom);
    this.sheet.classList.toggle("tight", zoom < 1.5);
    this.sheet.classList.toggle("between", !Number.isInteger(this.pixels));
    get("zoom-level").value = `${Number(zoom.toFixed(2))}×`;
  }

  /** Make a neuron the next whole number of screen pixels, larger or smaller. */
  resize(by) {
    this.fitting = false;
    this.size = by > 0 ? Math.floor(this.pixels + 1) : Math.ceil(this.pixels - 1);
  }

  /** Set the largest size at which the whole snapshot is visible.
   *
   * On a small window, the page is scrolled anyway, and the snapshot is as wide as the
   * window. Neurons are whole numbers of screen pixels, but
   * where they would have less than two pixels, every eighth of a pixel counts.
   */
  fit() {
    this.fitting = true;
    const { width, height } = this.plan;
    const beside = document.body.dataset.layout !== "below";
    const count = document.querySelectorAll(".sheet .frame").length; // of snapshots
    const besides = get("gutter").offsetWidth + (beside ? 410 : 14) + 20 * (count - 1);
    let size = ((innerWidth - besides) * devicePixelRatio) / (width * count);
    if (showsAll()) {
      const scrolled = get("stage").scrollTop + scrollY;
      const top = this.sheet.getBoundingClientRect().top + scrolled;
      const bottom = document.querySelector("footer").getBoundingClientRect().top;
      size = Math.min(size, ((bottom - top - 10) * devicePixelRatio) / height);
    }
    this.size = size >= 2 ? Math.floor(size) : Math.max(Math.floor(8 * size) / 8, 0.5);
  }

  // Names beside the snapshot, marks over it ------------------------------------------

  /** Write the names of the bands and pitches. */
  label() {
    const gutter = get("gutter");
    for (const { name, top, columns } of this.plan.bands) {
      const what = name === "score" ? `${columns} steps` : `${columns} neurons`;
      const title = add(gutter, "div", "band-title");
      title.style.setProperty("--y", top);
      add(title, "b").textContent = name;
      add(title, "small").textContent = what;
      for (let note = 0; note < this.trace.notes; note++) {
        if ((this.trace.low + note) % 12) continue; // only every C
        const pitch = add(gutter, "span", "pitch");
        pitch.style.setProperty("--y", top + this.trace.notes - 1 - note);
        pitch.textContent = pitchName(this.trace, note);
      }
    }
  }

  makeMarks() {
    const frame = get("frame");
    const rows = this.plan.bands.map(() => add(frame, "div", "mark row"));
    return {
      rows,
      column: add(frame, "div", "mark column"),
      dim: add(frame, "div", "mark dim"), // below the notes of an explanation
      notes: [],
      selection: add(frame, "div", "mark selection"),
      cell: add(frame, "div", "mark cell"),
    };
  }
}

/** Place a mark over some pixels of the raw snapshot. */
function placeMark(mark, x, y, width, height) {
  for (const [name, value] of Object.entries({ x, y, w: width, tall: height })) {
    mark.style.setProperty(`--${name}`, value);
  }
}
