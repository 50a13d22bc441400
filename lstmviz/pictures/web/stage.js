// The stage: the snapshot, with names beside it and marks over it.
//
// The canvas has exactly the pixels of the raw snapshot and is only displayed larger.
// All names and marks are elements of their own, placed in units of one neuron, which
// is --z pixels wide.

import { add, get } from "./elements.js";
import { itemAt, plan, snapshot } from "./snapshot.js";
import { pitchName } from "./trace.js";

export class Stage {
  constructor(trace, { point, choose }) {
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
    this.canvas.addEventListener("pointermove", (event) => {
      const [x, y] = this.pixel(event);
      point((step) => itemAt(trace, x, y, step));
    });
    this.canvas.addEventListener("pointerleave", () => point(null));
    this.canvas.addEventListener("click", (event) => choose(...this.pixel(event)));
    this.fitting = true;
    addEventListener("resize", () => this.fitting && this.fit());
    this.fit();
  }

  /** Return the pixel of the raw snapshot that is under the pointer. */
  pixel({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * this.plan.width;
    const y = ((clientY - box.top) / box.height) * this.plan.height;
    return [Math.floor(x), Math.floor(y)];
  }

  /** Draw a place, and mark the item under the pointer. */
  draw({ step, layer, index, note }, pointed) {
    this.context.putImageData(snapshot(this.trace, step), 0, 0);
    this.canvas.setAttribute("aria-label", `The network at step ${step}`);
    const { bands } = this.plan;
    const row = (n) => this.trace.notes - 1 - n;
    bands.forEach(({ left, top, columns }, place) => {
      placeMark(this.marks.rows[place], left, top + row(note), columns, 1);
    });
    const band = bands[layer + 1];
    placeMark(this.marks.column, band.left + index, band.top, 1, this.trace.notes);
    this.marks.cell.hidden = pointed?.kind !== "neuron" || pointed.step !== step;
    if (this.marks.cell.hidden) return;
    const { left, top } = bands[pointed.layer + 1];
    placeMark(this.marks.cell, left + pointed.index, top + row(pointed.note), 1, 1);
  }

  // Size: a neuron is a whole number of screen pixels, the same for all -------------

  set size(pixels) {
    this.pixels = Math.min(Math.max(pixels, 1), 16);
    const zoom = this.pixels / devicePixelRatio;
    this.sheet.style.setProperty("--z", zoom);
    this.sheet.classList.toggle("tight", zoom < 1.5);
    get("zoom-level").value = `${Number(zoom.toFixed(2))}×`;
  }

  resize(by) {
    this.fitting = false;
    this.size = this.pixels + by;
  }

  /** Set the largest size at which most of the snapshot is visible. */
  fit() {
    this.fitting = true;
    const { width, height } = this.plan;
    const wide = matchMedia("(min-width: 900px)").matches;
    const besides = get("gutter").offsetWidth + (wide ? 420 : 14);
    const across = Math.floor(((innerWidth - besides) * devicePixelRatio) / width);
    const around = 170; // header, caption and footer
    // To scroll down a little is better than to see neurons at half the size.
    const tall = Math.floor(
      (1.35 * (innerHeight - around) * devicePixelRatio) / height,
    );
    this.size = Math.min(across, tall);
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
