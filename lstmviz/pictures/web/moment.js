// What the page says of the place outside its pictures and panels.

import { PALETTES } from "./colours.js";
import { get } from "./elements.js";
import { isPinned } from "./pins.js";
import { barName } from "./trace.js";

/** Show step and bar, and the state of the buttons that choose what is shown. */
export function showMoment(trace, place) {
  const { step, palette, music, pins } = place;
  get("scrub").value = step;
  get("moment").value = `step ${step} of ${trace.steps - 1}, ${barName(trace, step)}`;
  get("scrub").setAttribute("aria-valuetext", get("moment").value);
  const blind = palette !== PALETTES[0];
  get("palette").setAttribute("aria-pressed", blind);
  get("score-colours").textContent = blind
    ? "blue: P(play), brown: played, orange: articulated"
    : "red: P(play), green: played, blue: articulated";
  get("music-colour").textContent = blind ? "as lighter pixels" : "in red";
  get("music").checked = music;
  get("pin").setAttribute("aria-pressed", isPinned(pins, place));
}

/** Show whether the music plays. */
export function tellPlaying(playing) {
  get("play").textContent = playing ? "❚❚" : "▶";
  get("play").setAttribute("aria-label", playing ? "Pause" : "Play");
  // During playback, a screen reader would read every value.
  for (const id of ["readout", "moment"])
    get(id).setAttribute("aria-live", playing ? "off" : "polite");
}
