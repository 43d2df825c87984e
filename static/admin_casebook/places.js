/* Opens the sections around the control or row that a link names (#id_warnings-0-channel), and focuses it; and the
   first control of a row that “Add another” adds. Without this script the browser only scrolls there. */
"use strict";
(() => {
  const CONTROLS = "input:not([type=hidden], [name$=-DELETE]), select, textarea";
  const focusOn = (place) => {
    const control = place.matches(CONTROLS) ? place : place.querySelector(CONTROLS);
    if (!control) return;
    // Select2 hides the select and puts a box of its own after it.
    const box = control.nextElementSibling?.querySelector?.(".select2-selection");
    (box || control).focus({ preventScroll: true });
    (control.closest(".form-row") || control).scrollIntoView({ block: "center" });
  };
  const focusTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.closest("#content-main form")) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    focusOn(target);
  };
  // After the listeners in sections.js that open sections, because hidden elements cannot have the focus.
  window.addEventListener("hashchange", () => setTimeout(focusTarget, 0));
  window.addEventListener("load", focusTarget);
  // The scripts of the form press that link too, and put the cursor where it belongs.
  document.addEventListener("click", ({ target, isTrusted }) => {
    const link = isTrusted && target.closest("#content-main form .add-row a");
    if (link) focusOn(link.closest(".inline-group").querySelector(".empty-form").previousElementSibling);
  });
})();
