/* Makes the sections of the form of a case collapsible and remembers their state; collapses rows of evidence. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("case_form");
  if (!form) return;
  const STORAGE_KEY = "casebook.folded";
  const ERRORS = ".errors, .errorlist, .row-form-errors";

  const remembered = () => {
    try {
      return new Set(JSON.parse(localStorage.getItem(STORAGE_KEY)) || []);
    } catch {
      return new Set(); // storage is disabled or holds invalid data
    }
  };

  const remember = (name, folded) => {
    const names = remembered();
    if (folded) names.add(name); else names.delete(name);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify([...names]));
    } catch { /* without storage the state is not remembered */ }
  };

  /* Makes `box` collapsible by a button in its heading. */
  const makeFoldable = (box, heading, folded, name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.append(...heading.childNodes);
    heading.append(button);
    // Django rewrites the headings of rows, so the button is looked up each time.
    const set = (value) => {
      box.classList.toggle("folded", value);
      box.querySelector(".fold").setAttribute("aria-expanded", String(!value));
    };
    box.unfold = () => set(false);
    box.fold = () => set(true);
    box.foldedAs = name;
    set(folded && !box.querySelector(ERRORS));
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".fold");
    const box = button?.closest(".inline-related:not(.tabular), fieldset.module");
    if (!box?.fold) return;
    const folds = !box.classList.contains("folded");
    if (folds) box.fold(); else box.unfold();
    if (box.foldedAs) remember(box.foldedAs, folds);
  });

  const folded = remembered();
  form.querySelectorAll("h2.fieldset-heading, h2.inline-heading").forEach((heading) => {
    const name = heading.textContent.trim();
    const box = heading.closest("fieldset");
    makeFoldable(box, heading, folded.has(name), name);
  });

  const EVIDENCE = /^(claims|notes)-/;
  const foldRow = (row, value) => makeFoldable(row, row.querySelector("h3 .inline_label"), value);
  form.querySelectorAll(".inline-related:not(.empty-form)").forEach((row) => {
    if (EVIDENCE.test(row.id)) foldRow(row, true);
  });
  form.addEventListener("formset:added", (event) => {
    if (EVIDENCE.test(event.target.id)) foldRow(event.target, false);
  });

  /* Opens all sections around the target of a link. */
  const unfoldAround = (target) => {
    for (let box = target; box; box = box.parentElement) if (box.unfold) box.unfold();
  };
  const follow = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    unfoldAround(target);
    target.scrollIntoView();
  };
  form.querySelectorAll("nav.sections a").forEach((link) => {
    link.addEventListener("click", () => unfoldAround(document.querySelector(link.hash)));
  });
  window.addEventListener("hashchange", follow);
  follow();
  // On the form for a new case, focus the title.
  window.addEventListener("load", () => {
    if (/\/add\/$/.test(location.pathname) && !form.querySelector(ERRORS)) document.getElementById("id_title")?.focus();
  });
});
