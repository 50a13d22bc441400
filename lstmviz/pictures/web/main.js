// The page: everything is drawn from `place`, all that is chosen (place.js). Every
// control changes it with `show`, and `draw` draws all parts of the page from it.

import { Alike } from "./alike.js";
import { readAddress, writeAddress } from "./address.js";
import { Beside } from "./beside.js";
import { PALETTES } from "./colours.js";
import { connectControls } from "./controls.js";
import { get } from "./elements.js";
import { Inspector } from "./inspector.js";
import { showMoment, tellPlaying } from "./moment.js";
import { Pins, togglePin } from "./pins.js";
import { firstPlace, nothingChosen } from "./place.js";
import { Player } from "./player.js";
import { connectPictures } from "./pointing.js";
import { showReadout } from "./readout.js";
import { understand } from "./search.js";
import { keepLayout } from "./layout.js";
import { NeuronList } from "./list.js";
import { spanOf } from "./select.js";
import { Stage } from "./stage.js";
import { Tabs } from "./tabs.js";
import { TimeAxis, timeAround } from "./time.js";
import { TimeLine } from "./timeline.js";
import { barLine, readTrace } from "./trace.js";
import { Why } from "./why.js";

try {
  const trace = await readTrace();
  open(trace, trace.beside && (await readTrace(trace.beside, "second-")));
} catch (error) {
  get("summary").textContent = `This file cannot be read: ${error.message}`;
  throw error;
}

/** Open a page of a trace, and perhaps of a second one of the same shape. */
function open(trace, second) {
  const { steps, notes, layers } = trace;
  const place = firstPlace(trace);
  Object.assign(place, readAddress(trace, location.hash));
  let pointed = null; // a function: step -> the item under the pointer
  let waiting = false; // for the next frame of the screen
  let changed = true; // since the last drawing

  const player = new Player(trace);
  const point = (itemAtStep) => {
    pointed = itemAtStep;
    show({});
  };
  const stage = new Stage(trace, { point });
  const beside = second && new Beside(second, stage, { point, choose: show });
  const inspector = new Inspector(trace, { point, seek, hear, show });
  const axis = new TimeAxis(trace);
  const timeLine = new TimeLine(trace, inspector.sounding, seek);
  if (!trace.why) get("tab-why").remove(); // nothing to explain
  const tabs = new Tabs((tab) => show({ tab }));
  const list = new NeuronList(trace, {
    show,
    choose: (neuron) => show({ ...neuron, tab: "neuron" }),
  });
  const alike = new Alike(trace, { show, seek, hear, choose: show });
  const unpin = (neuron) => show({ pins: togglePin(place.pins, neuron) });
  const pinned = new Pins(trace, { choose: show, unpin, seek });
  const sources = [trace, ...(second ? [second] : [])];
  const reasons = new Why(trace, stage, { choose: show, explain });
  let anchor = null; // the step at which a selection with the keyboard began

  keepLayout(Boolean(second), (layout) => {
    tabs.wide = layout === "wide";
    stage.fit();
    show({});
  });

  // Showing a place ---------------------------------------------------------------

  /** Change some parts of the place, and draw it with the next frame of the screen. */
  function show(change) {
    Object.assign(place, change);
    if (change.step !== undefined || change.span !== undefined)
      Object.assign(place, timeAround(steps, place.step, place.from, place.span));
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
      if (step >= player.stop) pause();
      else if (step !== place.step) show({ step });
      wait();
    }
    if (changed) draw();
    changed = false;
  }

  function draw() {
    const item = pointed?.(place.step);
    const { layer, index, note, step, palette, from, span } = place;
    document.documentElement.dataset.palette = palette;
    tabs.show(place.tab);
    axis.show(from, span);
    stage.draw(place, item);
    beside?.draw(place);
    inspector.draw(place);
    if (tabs.shows("list")) list.draw(place);
    alike.draw(place);
    reasons.draw(place);
    if (tabs.shows("pins")) pinned.draw(place, sources);
    timeLine.draw(from, span, place.select, alike.found);
    const selected = { kind: "neuron", layer, index, note, step };
    showReadout(item?.trace ?? trace, item ?? selected, !item);
    showMoment(trace, place);
    if (player.playing) return;
    // Not during playback: a screen reader would read without end, and browsers limit
    // how often the address can change.
    stage.tell(place);
    beside?.tell(place);
    inspector.tell(place);
    const address = writeAddress(trace, place);
    if (address !== location.hash) history.replaceState(null, "", address);
  }

  /** Go to a step; if the music plays, it continues from there. */
  function seek(step) {
    const within = Math.min(Math.max(step, 0), steps - 1);
    show({ step: within });
    if (anchor !== null) extendSelection();
    if (player.playing) {
      player.pause();
      player.play(within);
    }
  }

  /** Play from the step that is shown, up to the end of the music. */
  function play() {
    player.play(place.step === steps - 1 ? 0 : place.step);
    showPlaying();
  }

  /** Go to a step and play from there, up to step `stop`. */
  function hear(step, stop) {
    player.pause();
    show({ step });
    player.play(step, stop);
    showPlaying();
  }

  function pause() {
    player.pause();
    showPlaying();
  }

  function showPlaying() {
    tellPlaying(player.playing);
    show({});
  }

  // Selecting: with the pointer in the two pictures, or with a key --------------------

  /** Select steps and notes; when `done`, show what is found for them. */
  function select(select, done) {
    show({ select, dragging: !done });
    if (done) reveal("alike");
  }

  /** Show what was found. Where the inspector is below the snapshot, scroll there. */
  function reveal(tab) {
    show({ tab });
    if (document.body.dataset.layout === "below") get("tabs").scrollIntoView();
  }

  /** Begin a selection of steps at this one, or end it. */
  function markSelection() {
    const done = anchor !== null;
    anchor ??= place.step;
    extendSelection(done);
    if (done) anchor = null;
  }

  function extendSelection(done = false) {
    const [from, to] = [anchor, place.step].map((step) => ({ step, note: 0 }));
    select(spanOf(from, to, notes), done);
  }

  /** Explain why a note was played. */
  function explainAt(step, note) {
    show({ note, why: { step, note } });
    reveal("why");
  }

  function explain() {
    if (trace.why) explainAt(place.step, place.note);
  }

  function escape() {
    anchor = null;
    show({ select: null, dragging: false, like: null, why: null });
  }

  connectPictures(trace, place, { stage, inspector }, { show, seek, select, explainAt });

  /** Hear the other one of two traces. */
  function hearOther() {
    if (!second) return;
    player.listenTo(player.trace === trace ? second : trace);
    timeLine.showMusic(player.notes);
    showHeard();
    seek(place.step);
  }

  function showHeard() {
    sources.forEach((each, k) => {
      get(`source-${k}`).textContent = each.source;
      get(`source-${k}`).setAttribute("aria-pressed", player.trace === each);
    });
  }

  const moveNote = (by) =>
    show({ note: Math.min(Math.max(place.note + by, 0), notes - 1) });
  const moveNeuron = (by) => {
    const { neurons } = layers[place.layer];
    show({ index: (place.index + by + neurons) % neurons });
  };
  const moveLayer = (by) => {
    const layer = (place.layer + by + layers.length) % layers.length;
    show({ layer, index: Math.min(place.index, layers[layer].neurons - 1) });
  };

  connectControls(stage, {
    toggle: () => (player.playing ? pause() : play()),
    seek,
    moveStep: (by) => seek(place.step + by),
    moveBar: (forward) => seek(barLine(trace, place.step, forward)),
    moveNote,
    moveNeuron,
    moveLayer,
    zoomTime: (by) => {
      const middle = place.from + place.span / 2;
      const span = Math.min(place.span * by, steps);
      show({ from: middle - span / 2, span });
    },
    scrollTime: (from) => {
      // The steps that are shown can be others than the current one.
      show({ from: Math.min(Math.max(from, 0), steps - place.span) });
    },
    showMusic: (music) => show({ music }),
    changePalette: () =>
      show({ palette: PALETTES[1 - PALETTES.indexOf(place.palette)] }),
    restyle: () => {
      timeLine.dirty = true;
      show({});
    },
    find: (text) => {
      const { wrong, ...found } = understand(trace, text, list.columns);
      if (!wrong) show(found.list ? { ...found, tab: "list" } : found);
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
    hearOther,
    markSelection,
    explain,
    escape,
    findLike: () => {
      show({ like: { layer: place.layer, step: place.step } });
      reveal("alike");
    },
    pin: () => show({ pins: togglePin(place.pins, place) }),
    tabs: tabs.names,
    showTab: (tab) => show({ tab }),
  });

  addEventListener("hashchange", () => {
    const { step, ...rest } = readAddress(trace, location.hash);
    show({ ...nothingChosen(steps), ...rest });
    if (step !== undefined) seek(step);
  });

  // The first view --------------------------------------------------------------------

  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  get("summary").textContent = `${neurons} neurons, ${notes} notes, ${steps} steps`;
  get("readout").style.setProperty("--values", 2 + trace.gates.length);
  get("past").textContent = trace.past;
  get("scrub").max = steps - 1;
  get("wanted").placeholder = `${layers[0].name} 17`;
  get("sources").hidden = !second;
  if (second) showHeard();
  else get("sources").remove();
  show({ step: place.step }); // which moves the steps shown to this one
  showPlaying();
  // Frame callbacks run in order, so this one runs after the first drawing.
  requestAnimationFrame(() => (document.body.dataset.ready = "true"));
}
