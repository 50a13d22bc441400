// Short names for two things that every script does with elements of the page.

/** Return the element with this id. */
export const get = (id) => document.getElementById(id);

/** Append a new element to another element, and return it. */
export function add(parent, tag, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  return parent.appendChild(element);
}
