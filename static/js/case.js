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

// The contents of the page mark the section that is being read.
const sections = [...document.querySelectorAll(".in-page a")].map((link) => [
  link,
  document.getElementById(link.hash.slice(1))?.closest("section"), // a target may lie in what is folded
]);

function markPlace() {
  // A narrow screen leaves the parts of the coding sheet out of the contents.
  const shown = sections.filter(([link, section]) => section && link.offsetParent);
  const begun = shown.filter(([, section]) => section.getBoundingClientRect().top < innerHeight / 3);
  for (const [link] of sections) {
    if (link === begun.at(-1)?.[0]) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}

addEventListener("scroll", () => requestAnimationFrame(markPlace), { passive: true });
markPlace();
