/* A link to a control or a row of the form (#id_warnings-0-channel) leads to it: what hides it is
   unfolded, and it gets the focus. Without this the browser scrolls to it, as to any anchor. */
"use strict";
(() => {
  const CONTROLS = "input:not([type=hidden]), select, textarea";
  const lead = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.closest("#content-main form")) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    const control = target.matches(CONTROLS) ? target : target.querySelector(CONTROLS);
    if (!control) return;
    // An autocompleted choice is hidden behind the box that the widget puts after it.
    const box = control.nextElementSibling?.querySelector?.(".select2-selection");
    (box || control).focus({ preventScroll: true });
    (control.closest(".form-row") || control).scrollIntoView({ block: "center" });
  };
  // After the listeners that unfold sections: what is hidden takes no focus.
  window.addEventListener("hashchange", () => setTimeout(lead, 0));
  window.addEventListener("load", lead);
})();
