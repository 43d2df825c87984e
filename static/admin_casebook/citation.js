/* Begins at what came of a pasted citation, which has to be read, or else at the first field. */
"use strict";
window.addEventListener("load", () => {
  const outcome = document.querySelector(".filled") || document.querySelector(".citation[open] textarea");
  // Django's script takes the folded field for the citation for the first one, which cannot have the focus.
  const first = document.activeElement === document.body && document.querySelector(".citation ~ div #id_title");
  (outcome || first || null)?.focus();
});
