// The place: all that is chosen, and so all that the page is drawn from.

import { PALETTES } from "./colours.js";
import { firstSpan } from "./time.js";

/** Return the place at which a page opens. */
export function firstPlace({ start, steps }) {
  return {
    step: start.step,
    layer: start.layer,
    index: start.neuron,
    note: start.note,
    dragging: false, // while the selection is still being changed
    firstSpan: firstSpan(steps),
    ...nothingChosen(steps),
  };
}

/** Return what is shown where an address says nothing else. */
export function nothingChosen(steps) {
  return {
    music: false,
    palette: PALETTES[0],
    from: 0, // the first step that the pictures show, and how many they show
    span: firstSpan(steps),
    list: { only: -1, sort: "" }, // of which layer, by which column
    select: null, // { start, stop, low, high }: steps and notes
    like: null, // { layer, step }: other moments like it were asked for
    why: null, // { step, note }: this note is explained
    pins: [], // [{ layer, index }]
    tab: "neuron",
  };
}
