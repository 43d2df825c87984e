// A tap, a key or the keyboard's focus on a mark shows what it means, which a pointer reads in its title.
"use strict";

const MARKS = ".badge[title]";
const meaning = document.createElement("p");
meaning.className = "meaning";
meaning.popover = "auto";
document.body.append(meaning);
let explained = null;

// The first mark of each meaning takes the focus, as a glossary explains a word once: more than that, and
// the way through a list by keyboard would have a stop for every value.
function reachFirst() {
  const first = new Map();
  for (const mark of document.querySelectorAll(MARKS)) {
    mark.removeAttribute("tabindex");
    mark.removeAttribute("role");
    if (mark.closest("summary, .key, a")) continue; // these open or lead to evidence, or the key explains them
    const known = first.get(mark.title);
    if (!known || (!known.checkVisibility() && mark.checkVisibility())) first.set(mark.title, mark);
  }
  for (const mark of first.values()) {
    mark.tabIndex = 0;
    mark.setAttribute("role", "button");
  }
}

function explain(mark) {
  explained = mark;
  meaning.textContent = `${mark.textContent}: ${mark.title}`;
  meaning.showPopover();
  place();
}

function place() {
  const at = explained.getBoundingClientRect();
  const below = at.bottom + meaning.offsetHeight + 8 < innerHeight;
  meaning.style.top = `${below ? at.bottom + 4 : at.top - meaning.offsetHeight - 4}px`;
  meaning.style.left = `${Math.max(8, Math.min(at.left, innerWidth - meaning.offsetWidth - 8))}px`;
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest(MARKS);
  if (!mark || mark.closest("a, .key")) return;
  event.preventDefault(); // in a summary, which would open or close
  explain(mark);
});

document.addEventListener("keydown", (event) => {
  if ((event.key !== "Enter" && event.key !== " ") || !event.target.matches(`${MARKS}:not(a)`)) return;
  event.preventDefault();
  explain(event.target);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches(MARKS) && event.target.matches(":focus-visible")) explain(event.target);
});

document.addEventListener("focusout", (event) => {
  if (event.target === explained) meaning.hidePopover();
});

// The focus scrolls its mark into view, and the meaning stays beside it.
addEventListener("scroll", () => (explained === document.activeElement ? place() : meaning.hidePopover()), {
  passive: true,
});
document.addEventListener("htmx-after-swap", reachFirst);
reachFirst();
