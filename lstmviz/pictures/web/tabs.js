// Tabs of the inspector: buttons of which one is selected, and the panel of each.

import { get } from "./elements.js";

/** Connect the tabs; `choose(name)` is called when one is selected. */
export class Tabs {
  constructor(choose) {
    this.buttons = [...document.querySelectorAll("#tabs [role=tab]")];
    this.names = this.buttons.map((button) => button.id.replace("tab-", ""));
    this.wide = false; // on wide windows the neuron needs no tab: it has its own place
    this.buttons.forEach((button, k) => {
      button.addEventListener("click", () => choose(this.names[k]));
      button.addEventListener("keydown", (event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!by) return;
        event.preventDefault();
        event.stopPropagation();
        const shown = this.buttons.filter((each) => !each.hidden);
        const next = (shown.indexOf(button) + by + shown.length) % shown.length;
        shown[next].focus();
        choose(shown[next].id.replace("tab-", ""));
      });
    });
  }

  /** Show the panel of a tab. */
  show(name) {
    this.chosen = name;
    const both = this.wide && this.names.length > 1;
    const shown = both && name === "neuron" ? this.names[1] : name;
    this.names.forEach((each, k) => {
      const selected = each === shown;
      this.buttons[k].hidden = both && each === "neuron";
      this.buttons[k].setAttribute("aria-selected", selected);
      this.buttons[k].tabIndex = selected ? 0 : -1;
      get(`panel-${each}`).hidden = !selected && !(both && each === "neuron");
    });
  }

  /** Whether the panel of this name is visible. */
  shows(name) {
    return !get(`panel-${name}`).hidden;
  }
}
