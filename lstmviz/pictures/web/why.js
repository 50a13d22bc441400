// Why a note was played: what spoke for and against it, in the score and in words.

import { add, get } from "./elements.js";
import { signed } from "./rows.js";
import { ARTICULATED, PLAYED, barName, pitchName } from "./trace.js";

const WORDS = 12; // contributions that are listed
const percent = (logOdds) => `${(100 / (1 + Math.exp(-logOdds))).toFixed(1)} %`;

/** Return the explanation of the note that sounds at a step, or undefined.
 *
 * Of a note that sounds for several steps, its first decision is explained.
 */
export function explanationOf(trace, step, note) {
  let begin = step; // the step on which the note was struck
  while (begin >= 0 && trace.chosen(PLAYED, note, begin)) {
    const found = trace.why?.notes.find((each) => each.note === note && each.step === begin);
    if (found) return found;
    if (trace.chosen(ARTICULATED, note, begin)) break;
    begin -= 1;
  }
  return undefined;
}

export class Why {
  constructor(trace, stage, actions) {
    this.trace = trace;
    this.stage = stage;
    this.actions = actions;
    if (!trace.why) return;
    const { start, stop } = trace.why;
    get("why-span").textContent = `steps ${start} to ${stop - 1}`;
    get("why-here").addEventListener("click", actions.explain);
  }

  /** Show the explanation that is asked for: why: { step, note }. */
  draw({ why, step }) {
    if (!this.trace.why) return;
    if (why !== this.shown) this.build(why);
    this.shown = why;
    this.stage.markNotes(this.marked, step);
  }

  build(why) {
    const { trace } = this;
    const found = why && explanationOf(trace, why.step, why.note);
    get("why-notes").replaceChildren();
    get("why-words").textContent = "";
    get("why-title").textContent = "";
    this.marked = [];
    if (!why) return;
    const name = pitchName(trace, why.note);
    get("why-title").textContent = `${name}, step ${why.step}, ${barName(trace, why.step)}`;
    if (!found) {
      const inside = why.step >= trace.why.start && why.step < trace.why.stop;
      get("why-words").textContent = inside
        ? "This note does not sound there."
        : "This file does not explain that step.";
      return;
    }
    get("why-words").textContent =
      `Decided at step ${found.step} with a probability of ${percent(found.log_odds)}; in ` +
      `silence it would have been ${percent(found.baseline)}. What these notes added to ` +
      "the log-odds:";
    const largest = Math.abs(found.notes[0]?.[4] ?? 1);
    this.marked = found.notes.map(([note, start, stop, below, value]) => {
      return { note, start: start - 1, stop: stop - 1, below, share: value / largest };
    });
    for (const [note, start, stop, below, value] of found.notes.slice(0, WORDS)) {
      const row = add(get("why-notes"), "li", "moment");
      const go = add(row, "button", "name");
      go.type = "button";
      go.textContent = pitchName(trace, note);
      go.addEventListener("click", () => this.actions.choose({ note }));
      add(row, "span", value < 0 ? "against" : "for").textContent = signed(value);
      const ago = found.step + 1 - start;
      const steps = ago === 1 ? "1 step" : `${ago} steps`;
      const still = stop === found.step + 1 ? ", still sounding" : "";
      const heard = start === 0 ? "from the beginning" : `begun ${steps} before`;
      add(row, "span", "words").textContent = below
        ? "chosen with it, below it"
        : `${heard}${still}`;
    }
    const others = found.notes.slice(WORDS).reduce((sum, each) => sum + each[4], found.rest);
    const row = add(get("why-notes"), "li");
    add(row, "span", "words").textContent = `all other notes together: ${signed(others)}`;
  }
}
