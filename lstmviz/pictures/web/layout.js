// Where things are: the inspector below the snapshot, beside it, or in two columns.

const WIDE = 1500; // pixels of the window
const NARROW = 900;
const FLAT = 600; // also the height of a large window at a browser zoom of 200 %

/** Return "below", "beside" or "wide"; two snapshots need the width of the wide one. */
export function layoutOf(width, height, two) {
  if (height < FLAT || width < (two ? WIDE : NARROW)) return "below";
  return width >= WIDE && !two ? "wide" : "beside";
}

/** Return whether a window is large enough to show all of a snapshot at once. */
export const showsAll = () => innerWidth >= NARROW && innerHeight >= FLAT;

/** Keep the layout of the page right, and call `changed(layout)` after a change. */
export function keepLayout(two, changed) {
  const lay = () => {
    const layout = layoutOf(innerWidth, innerHeight, two);
    if (layout === document.body.dataset.layout) return;
    document.body.dataset.layout = layout;
    changed(layout);
  };
  addEventListener("resize", lay);
  lay();
}
