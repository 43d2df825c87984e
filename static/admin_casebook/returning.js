/* Returns to the field and the place on the screen after “Save and stay”, and says there what came of the save. */
"use strict";
(() => {
  const KEY = "casebook.place";
  const MAX_WARNINGS = 2; // in the bar, which is not to hide the form
  const CONTROLS = "input:not([type=hidden]), select, textarea";
  const form = () => document.querySelector("#content-main > form");
  const pageOf = (path) => path.replace(/(?:add|[0-9]+\/change)\/$/, "");
  const topOf = (element) => element.getBoundingClientRect().top;
  const isInView = (element) => element.offsetParent && topOf(element) >= 0 && topOf(element) < window.innerHeight;

  /* Returns the control that stands for what has the focus: Select2 and the tools of evidence have no id. */
  const controlOf = (element) => {
    const hidden = element.closest(".select2")?.previousElementSibling;
    const beside = element.closest(".evidence")?.parentElement.querySelector(CONTROLS);
    return hidden || beside || element;
  };
  /* Returns what can have the focus for a control: the box of Select2, or the line of a claim that is closed. */
  const shownFor = (control) => {
    const box = control.nextElementSibling?.querySelector?.(".select2-selection");
    const row = control.closest(".dynamic-claims.folded");
    const line = row && typeof casebook !== "undefined" && casebook.lineFor?.(row);
    return line || box || control;
  };

  const store = (place) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(place));
    } catch { /* without storage the page begins at its top */ }
  };
  const taken = () => {
    try {
      const place = JSON.parse(sessionStorage.getItem(KEY));
      sessionStorage.removeItem(KEY);
      return place;
    } catch {
      return null;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    let last = null;
    form()?.addEventListener("focusin", ({ target }) => {
      if (!target.closest(".submit-row")) last = target;
    });
    form()?.addEventListener("submit", ({ submitter }) => {
      // The page that follows would keep the field of a link that was followed before, and begin there.
      if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
      if (submitter?.name !== "_continue") return;
      const focus = last?.isConnected ? controlOf(last) : null;
      const controls = [focus, ...form().querySelectorAll(CONTROLS)];
      const anchor = controls.find((control) => control?.id && isInView(shownFor(control)));
      store({
        page: pageOf(location.pathname), focus: focus?.id, anchor: anchor?.id, top: anchor && topOf(shownFor(anchor)),
      });
    });
  });

  /* Says in the bar at the bottom what the messages above the screen say: the first, and each warning in full. */
  const announce = () => {
    const [first, ...others] = document.querySelectorAll(".messagelist > li");
    const bar = form().querySelector(".submit-row:last-of-type") || form().querySelector(".submit-row");
    if (!first || !bar || isInView(first)) return;
    const warnings = others.filter((message) => message.matches(".warning, .error")).slice(0, MAX_WARNINGS);
    const said = document.createElement("div");
    said.className = "save-outcome";
    said.setAttribute("role", "status");
    bar.prepend(said);
    for (const message of [first, ...warnings]) {
      const line = document.createElement("p");
      line.className = message.className;
      line.append(...message.cloneNode(true).childNodes);
      said.append(line);
    }
    const left = others.length - warnings.length;
    if (!left) return;
    const link = document.createElement("a");
    first.parentElement.id = "messages";
    link.href = "#messages";
    link.textContent = `${left} more at the top`;
    said.lastChild.append(" ", link);
  };
  window.addEventListener("load", () => {
    const place = taken();
    if (!place || !form() || location.hash || place.page !== pageOf(location.pathname)) return;
    if (form().querySelector(".errornote, .conflict")) return; // what has to be read is at the top
    // After Select2 and the evidence beside the values, which change what stands above the place.
    setTimeout(() => requestAnimationFrame(() => {
      const control = place.focus && document.getElementById(place.focus);
      if (control) shownFor(control).focus({ preventScroll: true });
      const anchor = place.anchor && document.getElementById(place.anchor);
      if (anchor) window.scrollBy({ top: topOf(shownFor(anchor)) - place.top, behavior: "instant" });
      announce();
    }), 0);
  });
})();
