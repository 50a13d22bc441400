// Buttons, fields and keys, and what each of them does.

import { get } from "./elements.js";

/** Connect all buttons, fields and keys to the stage and to the actions of main.js. */
export function connectControls(stage, actions) {
  const { toggle, seek, moveStep, moveBar, moveNote, moveNeuron } = actions;
  const mute = () => get("mute").setAttribute("aria-pressed", actions.mute());
  const help = () => get("help").showModal();
  const on = (id, event, action) => get(id).addEventListener(event, action);

  on("play", "click", toggle);
  on("back", "click", () => moveStep(-1));
  on("forth", "click", () => moveStep(1));
  on("scrub", "input", () => seek(Number(get("scrub").value)));
  on("speed", "change", () => actions.setSpeed(Number(get("speed").value)));
  on("mute", "click", mute);
  on("theme", "click", changeTheme);
  on("keys", "click", help);
  on("smaller", "click", () => stage.resize(-1));
  on("larger", "click", () => stage.resize(1));
  on("fit", "click", () => stage.fit());
  on("neuron-before", "click", () => moveNeuron(-1));
  on("neuron-after", "click", () => moveNeuron(1));
  on("note-below", "click", () => moveNote(-1));
  on("note-above", "click", () => moveNote(1));
  on("music", "change", () => actions.showMusic(get("music").checked));
  on("wanted", "input", () => (get("not-found").textContent = ""));
  on("search", "submit", (event) => {
    event.preventDefault(); // otherwise the browser loads the page again
    get("not-found").textContent = actions.find(get("wanted").value) ?? "";
  });

  const anywhere = {
    ArrowLeft: (event) => (event.shiftKey ? moveBar(false) : moveStep(-1)),
    ArrowRight: (event) => (event.shiftKey ? moveBar(true) : moveStep(1)),
    Home: () => seek(0),
    End: () => seek(Infinity),
    " ": toggle,
    ",": () => moveNeuron(-1),
    ".": () => moveNeuron(1),
    "/": () => get("wanted").focus(),
    "+": () => stage.resize(1),
    "-": () => stage.resize(-1),
    0: () => stage.fit(),
    m: mute,
    t: changeTheme,
    "?": help,
  };
  // Outside the snapshot, these two keys scroll the page.
  const inSnapshot = { ArrowUp: () => moveNote(1), ArrowDown: () => moveNote(-1) };

  addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || get("help").open) return;
    if (target.matches("input[type=search], select")) return; // the key is input
    if (key === " " && target.matches("button, input[type=checkbox]")) return;
    const keys = { ...anywhere, ...(target === stage.canvas ? inSnapshot : {}) };
    const action = keys[key] ?? keys[key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action(event);
  });
}

/** Switch between the light and the dark theme. */
function changeTheme() {
  const { style } = document.documentElement;
  const dark = style.colorScheme
    ? style.colorScheme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  style.colorScheme = dark ? "light" : "dark";
}
