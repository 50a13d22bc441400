// What hangs together: one place that is shown, and everything that can change it.

import { findNeuron, readAddress, writeAddress } from "./address.js";
import { get } from "./elements.js";
import { Inspector } from "./inspector.js";
import { Player } from "./player.js";
import { showReadout } from "./readout.js";
import { whatStandsAt } from "./snapshot.js";
import { Stage } from "./stage.js";
import { readTrace } from "./trace.js";

const STEPS_PER_BAR = 16;
const on = (id, event, does) => get(id).addEventListener(event, does);

try {
  open(await readTrace());
} catch (error) {
  get("summary").textContent = `This file cannot be read: ${error.message}`;
  throw error;
}

function open(trace) {
  const { start, steps, notes, layers } = trace;
  const place = { step: 0, layer: 0, index: start.neuron, note: start.note, music: false };
  Object.assign(place, readAddress(trace, location.hash));
  let pointed = null; // tells what is under the pointer at a step
  let waiting = false; // for the screen to be drawn
  let changed = true; // since it was

  const player = new Player(trace);
  const point = (what) => {
    pointed = what;
    show({});
  };
  const stage = new Stage(trace, {
    point,
    choose: (x, y) => {
      const what = whatStandsAt(trace, x, y, place.step);
      if (what?.kind === "neuron") show({ layer: what.layer, index: what.index, note: what.note });
      else if (what) show({ note: what.note });
    },
  });
  const inspector = new Inspector(trace, { point, choose: chooseMoment, seek });

  // Showing a place ---------------------------------------------------------------

  function show(change) {
    Object.assign(place, change);
    changed = true;
    wait();
  }

  function wait() {
    if (!waiting) requestAnimationFrame(follow);
    waiting = true;
  }

  /** Follow the music, and draw if there is something new to see. */
  function follow() {
    waiting = false;
    if (player.playing) {
      const { step } = player;
      if (step >= steps) pause();
      else if (step !== place.step) show({ step });
      wait();
    }
    if (changed) draw();
    changed = false;
  }

  function draw() {
    const what = pointed?.(place.step);
    stage.draw(place, what);
    inspector.draw(place);
    const { layer, index, note, step } = place;
    showReadout(trace, what ?? { kind: "neuron", layer, index, note, step }, !what);
    get("scrub").value = step;
    const bar = Math.floor((step + 1) / STEPS_PER_BAR) + 1; // step s decides s + 1
    get("moment").value = `step ${step} of ${steps - 1}, bar ${bar}`;
    get("scrub").setAttribute("aria-valuetext", get("moment").value);
    // While it plays, the address would change too often for browsers to allow.
    const address = writeAddress(trace, place);
    if (!player.playing && address !== location.hash) history.replaceState(null, "", address);
  }

  function chooseMoment({ step, note }) {
    show({ note });
    seek(step);
  }

  /** Go to a step, and play on from there if it plays. */
  function seek(step) {
    const within = Math.min(Math.max(step, 0), steps - 1);
    show({ step: within });
    if (player.playing) {
      player.pause();
      player.play(within);
    }
  }

  function play() {
    player.play(place.step === steps - 1 ? 0 : place.step);
    tellPlaying();
  }

  function pause() {
    player.pause();
    tellPlaying();
  }

  function tellPlaying() {
    get("play").textContent = player.playing ? "❚❚" : "▶";
    get("play").setAttribute("aria-label", player.playing ? "Pause" : "Play");
    // Nobody wants to be read every value of a film.
    get("readout").setAttribute("aria-live", player.playing ? "off" : "polite");
    show({});
  }

  // Buttons and keys ----------------------------------------------------------------

  const toggle = () => (player.playing ? pause() : play());
  const moveNote = (by) => show({ note: Math.min(Math.max(place.note + by, 0), notes - 1) });
  const moveNeuron = (by) => {
    const { neurons } = layers[place.layer];
    show({ index: (place.index + by + neurons) % neurons });
  };
  const mute = () => {
    player.mute(!player.muted);
    get("mute").setAttribute("aria-pressed", player.muted);
  };
  const theme = () => {
    const { style } = document.documentElement;
    const dark = style.colorScheme
      ? style.colorScheme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    style.colorScheme = dark ? "light" : "dark";
  };
  const help = () => get("help").showModal();

  on("play", "click", toggle);
  on("back", "click", () => seek(place.step - 1));
  on("forth", "click", () => seek(place.step + 1));
  on("scrub", "input", () => seek(Number(get("scrub").value)));
  on("speed", "change", () => {
    player.speed = Number(get("speed").value);
    seek(place.step);
  });
  on("mute", "click", mute);
  on("theme", "click", theme);
  on("keys", "click", help);
  on("smaller", "click", () => stage.resize(-1));
  on("larger", "click", () => stage.resize(1));
  on("fit", "click", () => stage.fit());
  on("neuron-before", "click", () => moveNeuron(-1));
  on("neuron-after", "click", () => moveNeuron(1));
  on("note-below", "click", () => moveNote(-1));
  on("note-above", "click", () => moveNote(1));
  on("music", "change", () => show({ music: get("music").checked }));
  on("search", "submit", (event) => {
    event.preventDefault();
    const { wrong, ...found } = findNeuron(trace, get("wanted").value);
    get("not-found").textContent = wrong ?? "";
    if (!wrong) show(found);
  });
  on("wanted", "input", () => (get("not-found").textContent = ""));
  addEventListener("hashchange", () => {
    const { step, ...rest } = readAddress(trace, location.hash);
    show(rest);
    if (step !== undefined) seek(step);
  });

  const keys = {
    ArrowLeft: (event) => seek(place.step - (event.shiftKey ? STEPS_PER_BAR : 1)),
    ArrowRight: (event) => seek(place.step + (event.shiftKey ? STEPS_PER_BAR : 1)),
    Home: () => seek(0),
    End: () => seek(steps - 1),
    " ": toggle,
    ",": () => moveNeuron(-1),
    ".": () => moveNeuron(1),
    "/": () => get("wanted").focus(),
    "+": () => stage.resize(1),
    "-": () => stage.resize(-1),
    0: () => stage.fit(),
    m: mute,
    t: theme,
    "?": help,
  };
  const inSnapshot = { ArrowUp: () => moveNote(1), ArrowDown: () => moveNote(-1) };
  addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || get("help").open) return;
    if (target.matches("input[type=search], select")) return; // they are typed into
    if (key === " " && target.matches("button, input[type=checkbox]")) return;
    const bound = { ...keys, ...(target === stage.canvas ? inSnapshot : {}) };
    const does = bound[key] ?? bound[key.toLowerCase()];
    if (!does) return;
    event.preventDefault();
    does(event);
  });

  // The first view --------------------------------------------------------------------

  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  get("summary").textContent = `${neurons} neurons, ${notes} notes, ${steps} steps`;
  get("past").textContent = trace.past;
  get("scrub").max = steps - 1;
  get("wanted").placeholder = `${layers[0].name} 17`;
  tellPlaying();
  requestAnimationFrame(() => (document.body.dataset.ready = "true")); // after the first drawing
}
