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

  /* Let the first part of `box` fold the rest. `heading` keeps its words, within a button. */
  const makeFoldable = (box, heading, folded, onFold) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.append(...heading.childNodes);
    heading.append(button);
    const set = (value) => {
      box.classList.toggle("folded", value);
      button.setAttribute("aria-expanded", String(!value));
    };
    button.addEventListener("click", () => {
      const value = !box.classList.contains("folded");
      set(value);
      if (onFold) onFold(value);
    });
    box.unfold = () => set(false);
    set(folded && !box.querySelector(ERRORS));
  };

  /* The search in a choice of several records has no name of its own. */
  const nameSearches = (place) => place.querySelectorAll(".select2-search__field").forEach((search) => {
    const choice = search.closest(".select2").previousElementSibling;
    const label = choice && form.querySelector(`label[for="${choice.id}"]`);
    if (label) search.setAttribute("aria-label", `Search ${label.textContent.replace(":", "").toLowerCase()}`);
  });

  const open = remembered();
  form.querySelectorAll("h2.fieldset-heading, h2.inline-heading").forEach((heading) => {
    const name = heading.textContent.trim();
    const box = heading.closest("fieldset");
    makeFoldable(box, heading, open.has(name), (folded) => remember(name, folded));
  });

  form.querySelectorAll("#claims-group .has_original, #notes-group .has_original").forEach((row) => {
    makeFoldable(row, row.querySelector("h3 .inline_label"), true);
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
  // Django makes its choices when it is ready too, and its listeners came first.
  setTimeout(() => nameSearches(form), 0);
  form.addEventListener("formset:added", (event) => setTimeout(() => nameSearches(event.target), 0));
});
