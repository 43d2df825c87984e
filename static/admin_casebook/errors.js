/* Lists the errors of a long form at its top, each with a link to its field, and begins there. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const text = (element) => element.textContent.trim().replace(/:$/, "");
  const nameOf = (part) => {
    const [kind, name] = ["h3 b", "h3 .inline_label"].map((place) => part.querySelector(place));
    return kind && name && text(name).startsWith("#") ? `${text(kind)} ${text(name).slice(1)}` : name && text(name);
  };
  const note = document.querySelector("#content-main > form .errornote");
  const links = document.createElement("ul");
  links.className = "error-links";
  links.tabIndex = -1;

  /* What is wrong at several places alike is one error with a link to each. */
  const found = new Map();
  note?.parentElement.querySelectorAll("ul.errorlist").forEach((errors) => {
    if (errors.closest(".empty-form")) return;
    const part = errors.closest(".inline-related");
    const control = document.getElementById(errors.id.replace(/_error$/, ""));
    const group = errors.closest(".inline-group"); // for errors of a table or of a whole section
    const target = control || (part?.id ? part : group);
    if (!target) return;
    const name = (part && nameOf(part)) || (group && text(group.querySelector("h2")));
    const label = control && document.querySelector(`label[for="${CSS.escape(control.id)}"]`);
    errors.querySelectorAll("li").forEach((error) => {
      const [field, message] = [label && text(label), error.textContent.trim()];
      const key = JSON.stringify([field, message]);
      if (!found.has(key)) found.set(key, { field, message, places: [] });
      found.get(key).places.push({ name, target });
    });
  });
  const linkTo = (target, words) => {
    const link = document.createElement("a");
    link.href = `#${target.id}`;
    link.textContent = words;
    return link;
  };
  for (const { field, message, places } of found.values()) {
    const item = links.appendChild(document.createElement("li"));
    const [{ name, target }] = places;
    if (places.length === 1) {
      const label = name && field ? field.charAt(0).toLowerCase() + field.slice(1) : field;
      const where = [name, label].filter(Boolean).join(", ");
      item.append(linkTo(target, where ? `${where}: ${message}` : message));
      continue;
    }
    item.append(`${field ? `${field}: ` : ""}${message} `);
    places.forEach((place, number) => {
      item.append(number ? ", " : "(", linkTo(place.target, place.name || `place ${number + 1}`));
    });
    item.append(")");
  }
  if (found.size) note.after(links);

  /* Django puts the cursor of a new record into its first field, from a script that may run at any time before this. */
  const first = found.size ? links : note || document.querySelector("#content-main .conflict");
  if (!first) return;
  first.tabIndex = -1;
  window.addEventListener("load", () => first.focus());
});
