// Buttons, fields and keys, and what each of them does.

import { get } from "./elements.js";

/** Connect all buttons, fields and keys to the stage and to the actions of main.js. */
export function connectControls(stage, actions) {
  const { toggle, seek, moveStep, moveBar, moveNote, moveNeuron, moveLayer } = actions;
  const { zoomTime, scrollTime, changePalette } = actions;
  const mute = () => get("mute").setAttribute("aria-pressed", actions.mute());
  const help = () => get("help").showModal();
  const theme = () => {
    changeTheme();
    actions.restyle();
  };
  const on = (id, event, action) => get(id).addEventListener(event, action);

  on("play", "click", toggle);
  on("back", "click", () => moveStep(-1));
  on("forth", "click", () => moveStep(1));
  on("scrub", "input", () => seek(Number(get("scrub").value)));
  on("speed", "change", () => actions.setSpeed(Number(get("speed").value)));
  on("mute", "click", mute);
  on("palette", "click", changePalette);
  on("theme", "click", theme);
  on("keys", "click", help);
  on("smaller", "click", () => stage.resize(-1));
  on("larger", "click", () => stage.resize(1));
  on("fit", "click", () => stage.fit());
  on("time-in", "click", () => zoomTime(1 / 2));
  on("time-out", "click", () => zoomTime(2));
  on("time-all", "click", () => zoomTime(Infinity));
  on("scroll", "input", () => scrollTime(Number(get("scroll").value)));
  on("neuron-before", "click", () => moveNeuron(-1));
  on("neuron-after", "click", () => moveNeuron(1));
  for (const id of ["source-0", "source-1"]) on(id, "click", actions.hearOther);
  on("pin", "click", actions.pin);
  on("note-below", "click", () => moveNote(-1));
  on("note-above", "click", () => moveNote(1));
  on("music", "change", () => actions.showMusic(get("music").checked));
  on("wanted", "input", () => (get("not-found").textContent = ""));
  on("search", "submit", (event) => {
    event.preventDefault(); // otherwise the browser loads the page again
    const wrong = actions.find(get("wanted").value);
    get("not-found").textContent = wrong ?? "";
    if (!wrong) stage.canvas.focus({ preventScroll: true }); // so that keys are keys again
  });
  for (const picture of document.querySelectorAll(".strip"))
    picture.addEventListener("wheel", (event) => turnWheel(event, actions));

  const anywhere = {
    ArrowLeft: (event) => (event.shiftKey ? moveBar(false) : moveStep(-1)),
    ArrowRight: (event) => (event.shiftKey ? moveBar(true) : moveStep(1)),
    Home: () => seek(0),
    End: () => seek(Infinity),
    " ": toggle,
    ",": () => moveNeuron(-1),
    ".": () => moveNeuron(1),
    "[": () => moveLayer(-1),
    "]": () => moveLayer(1),
    "/": () => get("wanted").select(),
    "+": () => stage.resize(1),
    "-": () => stage.resize(-1),
    0: () => stage.fit(),
    i: () => zoomTime(1 / 2),
    o: () => zoomTime(2),
    a: () => zoomTime(Infinity),
    m: mute,
    t: theme,
    c: changePalette,
    "?": help,
    l: () => actions.showTab("list"),
    s: actions.markSelection,
    f: actions.findLike,
    w: actions.explain,
    x: actions.hearOther,
    p: actions.pin,
    Escape: actions.escape,
    ...Object.fromEntries(actions.tabs.map((tab, k) => [k + 1, () => actions.showTab(tab)])),
  };
  // Elsewhere, these two keys scroll the page.
  const inPicture = { ArrowUp: () => moveNote(1), ArrowDown: () => moveNote(-1) };

  addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || get("help").open) return;
    if (target.matches("input[type=search], input[type=number], select")) {
      if (key === "Escape") target.blur(); // leave the field; other keys are input
      return;
    }
    if (key === " " && target.matches("button, summary, input[type=checkbox]")) return;
    if (target.matches("#scroll") && /^(Arrow|Page|Home|End)/.test(key)) return;
    const picture = target.matches("canvas, .along");
    const keys = { ...anywhere, ...(picture ? inPicture : {}) };
    const action = keys[key] ?? keys[key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action(event);
  });
}

/** Scroll in time with the wheel, sideways or with shift; with ctrl, zoom. */
function turnWheel(event, { zoomTime, scrollTime }) {
  const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
  if (event.ctrlKey) zoomTime(event.deltaY > 0 ? 1.25 : 0.8);
  else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY))
    scrollTime(Number(get("scroll").value) + Math.sign(sideways) * 4);
  else return; // the page scrolls
  event.preventDefault();
}

/** Switch between the light and the dark theme. */
function changeTheme() {
  const { style } = document.documentElement;
  const dark = style.colorScheme
    ? style.colorScheme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  style.colorScheme = dark ? "light" : "dark";
}
