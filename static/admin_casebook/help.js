/* F1 opens the help of a field and goes there; F1 or Escape goes back. So the help is no stop for Tab, which would
   otherwise stop at it for each field. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#content-main > form");
  if (!form) return;
  const helpOf = (control) => control.closest(".flex-container")?.parentElement.querySelector(":scope > .help");
  const set = (place) => {
    for (const summary of place.querySelectorAll(".help summary")) summary.tabIndex = -1;
    for (const control of place.querySelectorAll("[aria-describedby$=_helptext]")) {
      const help = helpOf(control);
      if (!help) continue;
      control.setAttribute("aria-describedby", help.id); // Django leaves that of the template in rows that are added
      if (help.querySelector("details")) control.setAttribute("aria-keyshortcuts", "F1");
    }
  };
  set(form);
  form.addEventListener("formset:added", ({ target }) => set(target));
  document.addEventListener("formset:removed", () => set(form)); // the other rows are renumbered

  const openedFrom = new WeakMap();
  form.addEventListener("keydown", (event) => {
    const within = event.target.closest(".help details");
    if (within && ["F1", "Escape"].includes(event.key)) {
      event.preventDefault();
      within.open = false;
      openedFrom.get(within)?.focus();
      return;
    }
    const help = event.key === "F1" && helpOf(event.target)?.querySelector("details");
    if (!help) return;
    event.preventDefault();
    openedFrom.set(help, event.target);
    help.open = true;
    help.querySelector("summary").focus();
  });
});
