/* Opens the sections around the control or row that a link names (#id_warnings-0-channel), and focuses it.
   Without this script the browser only scrolls there. */
"use strict";
(() => {
  const CONTROLS = "input:not([type=hidden], [name$=-DELETE]), select, textarea";
  const focusTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.closest("#content-main form")) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    const control = target.matches(CONTROLS) ? target : target.querySelector(CONTROLS);
    if (!control) return;
    // Select2 hides the select and puts a box of its own after it.
    const box = control.nextElementSibling?.querySelector?.(".select2-selection");
    (box || control).focus({ preventScroll: true });
    (control.closest(".form-row") || control).scrollIntoView({ block: "center" });
  };
  // After the listeners in sections.js that open sections, because hidden elements cannot have the focus.
  window.addEventListener("hashchange", () => setTimeout(focusTarget, 0));
  window.addEventListener("load", focusTarget);
})();
