/* Sections that fold, and are found as they were left; rows of evidence that fold to one line. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("case_form");
  if (!form) return;
  const PLACE = "casebook.folded";
  const ERRORS = ".errors, .errorlist, .row-form-errors";

  const remembered = () => {
    try {
      return new Set(JSON.parse(localStorage.getItem(PLACE)) || []);
    } catch {
      return new Set(); // storage is switched off, or holds something else
    }
  };

  const remember = (name, folded) => {
    const names = remembered();
    if (folded) names.add(name); else names.delete(name);
    try {
      localStorage.setItem(PLACE, JSON.stringify([...names]));
    } catch { /* it folds all the same */ }
  };

  /* Let the heading of `box` fold the rest. Its words move into a button. */
  const makeFoldable = (box, heading, folded, name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.append(...heading.childNodes);
    heading.append(button);
    // Django writes the headings of rows anew, so the button is looked up each time.
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

  /* The boxes that stand in for choices of records say what is chosen, but not of what. */
  const nameChoices = (place) => place.querySelectorAll(".select2-selection").forEach((box) => {
    const choice = box.closest(".select2").previousElementSibling;
    const label = form.querySelector(`label[for="${choice.id}"]`);
    const name = (label?.textContent || choice.getAttribute("aria-label") || "").replace(":", "").trim();
    if (!name) return;
    box.querySelector(".select2-search__field")?.setAttribute("aria-label", `Search ${name.toLowerCase()}`);
    const chosen = box.querySelector(".select2-selection__rendered[role=textbox]");
    if (!chosen) return;
    for (const attribute of ["role", "aria-readonly"]) chosen.removeAttribute(attribute);
    box.id = `${choice.id}-box`;
    box.setAttribute("aria-label", name);
    box.setAttribute("aria-labelledby", `${box.id} ${chosen.id}`);
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

  /* A link to a section, or to something in it, opens what is folded around it. */
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
  // On a blank form one begins with the title.
  window.addEventListener("load", () => {
    if (/\/add\/$/.test(location.pathname) && !form.querySelector(ERRORS)) document.getElementById("id_title")?.focus();
  });
  // Django makes its choices when it is ready too, and its listeners came first.
  setTimeout(() => nameChoices(form), 0);
  form.addEventListener("formset:added", (event) => setTimeout(() => nameChoices(event.target), 0));
});
