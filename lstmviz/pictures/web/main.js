// The state of the page, `place`: the step, neuron and note that are shown. Every
// control changes it with `show`, and `draw` draws all parts of the page from it.

import { findNeuron, readAddress, writeAddress } from "./address.js";
import { connectControls } from "./controls.js";
import { get } from "./elements.js";
import { Inspector } from "./inspector.js";
import { Player } from "./player.js";
import { showReadout } from "./readout.js";
import { itemAt } from "./snapshot.js";
import { Stage } from "./stage.js";
import { barLine, barName, readTrace } from "./trace.js";

try {
  open(await readTrace());
} catch (error) {
  get("summary").textContent = `This file cannot be read: ${error.message}`;
  throw error;
}

function open(trace) {
  const { start, steps, notes, layers } = trace;
  const place = {
    step: 0,
    layer: 0,
    index: start.neuron,
    note: start.note,
    music: false,
  };
  Object.assign(place, readAddress(trace, location.hash));
  let pointed = null; // a function: step -> the item under the pointer
  let waiting = false; // for the next frame of the screen
  let changed = true; // since the last drawing

  const player = new Player(trace);
  const point = (itemAtStep) => {
    pointed = itemAtStep;
    show({});
  };
  const stage = new Stage(trace, {
    point,
    choose: (x, y) => {
      const item = itemAt(trace, x, y, place.step);
      if (!item) return;
      const { kind, layer, index, note } = item;
      show(kind === "neuron" ? { layer, index, note } : { note });
    },
  });
  const inspector = new Inspector(trace, { point, choose: chooseNoteAndStep, seek });

  // Showing a place ---------------------------------------------------------------

  /** Change some parts of the place, and draw it with the next frame of the screen. */
  function show(change) {
    Object.assign(place, change);
    changed = true;
    wait();
  }

  function wait() {
    if (!waiting) requestAnimationFrame(follow);
    waiting = true;
  }

  /** Go to the step that sounds now, and draw if anything has changed. */
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
    const item = pointed?.(place.step);
    stage.draw(place, item);
    inspector.draw(place);
    const { layer, index, note, step } = place;
    showReadout(trace, item ?? { kind: "neuron", layer, index, note, step }, !item);
    get("scrub").value = step;
    get("moment").value = `step ${step} of ${steps - 1}, ${barName(trace, step)}`;
    get("scrub").setAttribute("aria-valuetext", get("moment").value);
    // Not during playback: browsers limit how often the address can change.
    const address = writeAddress(trace, place);
    if (!player.playing && address !== location.hash)
      history.replaceState(null, "", address);
  }

  function chooseNoteAndStep({ step, note }) {
    show({ note });
    seek(step);
  }

  /** Go to a step; if the music plays, it continues from there. */
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
    showPlaying();
  }

  function pause() {
    player.pause();
    showPlaying();
  }

  function showPlaying() {
    get("play").textContent = player.playing ? "❚❚" : "▶";
    get("play").setAttribute("aria-label", player.playing ? "Pause" : "Play");
    // During playback, a screen reader would read every value.
    get("readout").setAttribute("aria-live", player.playing ? "off" : "polite");
    show({});
  }

  const moveNote = (by) =>
    show({ note: Math.min(Math.max(place.note + by, 0), notes - 1) });
  const moveNeuron = (by) => {
    const { neurons } = layers[place.layer];
    show({ index: (place.index + by + neurons) % neurons });
  };

  connectControls(stage, {
    toggle: () => (player.playing ? pause() : play()),
    seek,
    moveStep: (by) => seek(place.step + by),
    moveBar: (forward) => seek(barLine(trace, place.step, forward)),
    moveNote,
    moveNeuron,
    showMusic: (music) => show({ music }),
    find: (text) => {
      const { wrong, ...found } = findNeuron(trace, text);
      if (!wrong) show(found);
      return wrong;
    },
    setSpeed: (speed) => {
      player.speed = speed;
      seek(place.step);
    },
    mute: () => {
      player.mute(!player.muted);
      return player.muted;
    },
  });

  addEventListener("hashchange", () => {
    const { step, ...rest } = readAddress(trace, location.hash);
    show(rest);
    if (step !== undefined) seek(step);
  });

  // The first view --------------------------------------------------------------------

  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  get("summary").textContent = `${neurons} neurons, ${notes} notes, ${steps} steps`;
  get("readout").style.setProperty("--values", 2 + trace.gates.length);
  get("past").textContent = trace.past;
  get("scrub").max = steps - 1;
  get("wanted").placeholder = `${layers[0].name} 17`;
  showPlaying();
  // Frame callbacks run in order, so this one runs after the first drawing.
  requestAnimationFrame(() => (document.body.dataset.ready = "true"));
}
