// The time line above the slider: all of the music, the steps that are shown, and what
// was found. It is drawn when one of these changes, not at every step.

import { get } from "./elements.js";
import { barLines } from "./trace.js";

const EDGE = 8; // pixels: the slider's knob leaves as much on both sides

export class TimeLine {
  constructor(trace, sounding, seek) {
    this.trace = trace;
    this.bars = barLines(trace, 1);
    this.canvas = get("timeline");
    this.context = this.canvas.getContext("2d");
    this.showMusic(sounding);
    let dragging = false;
    const go = ({ clientX }) => {
      const box = this.canvas.getBoundingClientRect();
      const across = (clientX - box.left - EDGE) / (box.width - 2 * EDGE);
      seek(Math.floor(across * trace.steps));
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      dragging = true;
      this.canvas.setPointerCapture(event.pointerId);
      go(event);
    });
    this.canvas.addEventListener("pointermove", (event) => dragging && go(event));
    this.canvas.addEventListener("pointerup", () => (dragging = false));
    this.canvas.addEventListener("pointercancel", () => (dragging = false));
    addEventListener("resize", () => (this.dirty = true));
    matchMedia("(prefers-color-scheme: dark)").addEventListener(
      "change",
      () => (this.dirty = true),
    );
  }

  /** Show these notes: { note, start, stop }. */
  showMusic(sounding) {
    this.sounding = sounding;
    const used = sounding.map(({ note }) => note);
    this.low = Math.min(...used, this.trace.notes - 1);
    this.high = Math.max(...used, 0);
    this.dirty = true;
  }

  /** Draw, if one of these has changed since the last time.
   *
   * found: { spans: [{ start, stop }], likeness: an array from 0 to 1, or null, text }
   */
  draw(from, span, select, found) {
    const now = { from, span, select, found };
    const same = Object.keys(now).every((key) => now[key] === this.shown?.[key]);
    if (same && !this.dirty) return;
    this.shown = now;
    this.dirty = false;
    const { canvas, context, trace } = this;
    const [wide, tall] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = wide * devicePixelRatio;
    canvas.height = tall * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    const style = getComputedStyle(canvas);
    const colour = (name) => resolved(style.getPropertyValue(name), canvas);
    const unit = (wide - 2 * EDGE) / trace.steps;
    const x = (step) => EDGE + step * unit;
    const box = (start, stop, top, bottom) =>
      context.fillRect(x(start), top, Math.max(1, (stop - start) * unit), bottom - top);

    if (span < trace.steps) {
      context.fillStyle = colour("--shade");
      box(from, from + span, 0, tall);
    }
    context.fillStyle = colour("--line");
    for (const step of this.bars) context.fillRect(x(step), 0, 1, tall);
    context.fillStyle = colour("--quiet");
    const height = (tall - 8) / (this.high - this.low + 1);
    for (const { note, start, stop } of this.sounding) {
      const top = 6 + (this.high - note) * height;
      box(start, stop, top, top + Math.max(1, height));
    }
    context.fillStyle = colour("--mark");
    found?.likeness?.forEach((value, step) => {
      if (value > 0) box(step, step + 1, tall - 2 - value * (tall - 4), tall - 2);
    });
    for (const { start, stop } of found?.spans ?? []) box(start, stop, 0, 5);
    if (select) {
      context.strokeStyle = colour("--accent");
      context.lineWidth = 2;
      const across = (select.stop - select.start) * unit;
      context.strokeRect(x(select.start), 1, across, tall - 2);
    }
    const words = [`All ${trace.steps} steps of the music`];
    if (span < trace.steps) words.push(`steps ${from} to ${from + span - 1} are shown`);
    if (select) words.push(`steps ${select.start} to ${select.stop - 1} are selected`);
    if (found) words.push(found.text);
    canvas.setAttribute("aria-label", words.join("; "));
  }
}

/** Return a colour that a canvas understands: it does not know light-dark(). */
function resolved(colour, element) {
  const before = element.style.color;
  element.style.color = colour;
  const { color } = getComputedStyle(element);
  element.style.color = before;
  return color;
}
