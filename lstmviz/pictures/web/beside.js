// The second trace of a page: its snapshot beside the first one, at the same step.

import { add, get } from "./elements.js";
import { itemAt, snapshot } from "./snapshot.js";

export class Beside {
  /** Append the second snapshot; actions: point, choose. */
  constructor(trace, stage, { point, choose }) {
    this.trace = trace;
    this.stage = stage;
    const frame = add(get("sheet"), "div", "frame second");
    this.canvas = add(frame, "canvas");
    this.canvas.id = "second";
    this.canvas.width = stage.plan.width;
    this.canvas.height = stage.plan.height;
    this.canvas.setAttribute("role", "img");
    this.canvas.addEventListener("pointermove", (event) => {
      const pixel = stage.pixel(event, this.canvas);
      point((step) => {
        const item = itemAt(trace, ...pixel, step);
        return item && { ...item, trace };
      });
    });
    this.canvas.addEventListener("pointerleave", () => point(null));
    this.canvas.addEventListener("click", (event) => {
      const item = itemAt(trace, ...stage.pixel(event, this.canvas), this.step);
      if (item?.kind === "neuron") {
        const { layer, index, note } = item;
        choose({ layer, index, note });
      } else if (item) choose({ note: item.note });
    });
  }

  draw({ step, palette }) {
    this.step = step;
    const image = snapshot(this.trace, step, palette);
    this.canvas.getContext("2d").putImageData(image, 0, 0);
  }

  tell({ step }) {
    const label = `The second network, ${this.trace.source}, at step ${step}`;
    this.canvas.setAttribute("aria-label", label);
  }
}
