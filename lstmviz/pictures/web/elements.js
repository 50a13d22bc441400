// Short names for what every script does with the elements of the page.

/** Return the element of an id. */
export const get = (id) => document.getElementById(id);

/** Append a new element to another and return it. */
export function add(parent, tag, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  return parent.appendChild(element);
}
