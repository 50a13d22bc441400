// Selecting with the pointer: a drag over steps and notes; a click is no drag.

const FAR = 5; // pixels of the screen between a click and a drag
const LOW = 3; // rows: a drag that is lower than that selects all notes

/** Call `select({ start, stop, low, high }, done)` while the pointer is dragged.
 *
 * `place(event)` returns { step, note } under the pointer, or null where no drag can
 * begin. A click without a drag calls `click(event)`. `stop` and `high` are not included.
 */
export function onSelect(element, notes, { place, select, click }) {
  let from = null; // where the pointer went down: { x, y, step, note }
  let span = null;
  let dragged = false;
  element.addEventListener("pointerdown", (event) => {
    dragged = false;
    const found = event.button === 0 ? place(event) : null;
    from = found && { ...found, x: event.clientX, y: event.clientY };
  });
  element.addEventListener("pointermove", (event) => {
    if (!from) return;
    const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) >= FAR;
    if (!dragged && !far) return;
    if (!dragged) element.setPointerCapture(event.pointerId);
    dragged = true;
    const to = place(event);
    if (to) span = spanOf(from, to, notes);
    if (to) select(span, false);
  });
  const end = () => {
    if (from && dragged && span) select({ ...span }, true);
    from = span = null;
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  element.addEventListener("click", (event) => !dragged && click(event));
}

/** Return the steps and notes between two places, both included. */
export function spanOf(a, b, notes) {
  const [start, last] = [a.step, b.step].sort((x, y) => x - y);
  const [low, top] = [a.note, b.note].sort((x, y) => x - y);
  const all = top - low + 1 < LOW;
  return { start, stop: last + 1, low: all ? 0 : low, high: all ? notes : top + 1 };
}
