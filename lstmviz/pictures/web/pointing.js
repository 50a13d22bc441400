// What a click and a drag do in the two pictures.

import { onSelect } from "./select.js";
import { itemAt } from "./snapshot.js";
import { explanationOf } from "./why.js";

/** Connect both pictures to the actions; a place is read when something happens. */
export function connectPictures(trace, place, { stage, inspector }, actions) {
  const { show, seek, select, explainAt } = actions;
  onSelect(stage.canvas, trace.notes, {
    // A drag begins in the score, and stays in it.
    place: (event) => stage.scorePlace(event, place.step),
    select,
    click: (event) => {
      const item = itemAt(trace, ...stage.pixel(event), place.step);
      if (!item) return;
      const { kind, layer, index, note, step } = item;
      if (kind === "neuron") show({ layer, index, note });
      else if (explanationOf(trace, step, note)) explainAt(step, note);
      else show({ note });
    },
  });
  onSelect(inspector.canvas, trace.notes, {
    place: (event) => inspector.pixel(event),
    select,
    click: (event) => {
      const { step, note } = inspector.pixel(event);
      show({ note });
      seek(step);
    },
  });
}
