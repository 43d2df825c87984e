// The switch that opens all evidence of a case. Without a script a style does, as on paper.
"use strict";

const all = document.getElementById("all-evidence");

function openAll() {
  for (const fold of document.querySelectorAll(".coded details, .whole")) fold.open = all.checked;
}

all?.addEventListener("change", openAll);
// Browsers keep the switch when the reader comes back to the page.
addEventListener("pageshow", () => {
  if (all?.checked) openAll();
});
