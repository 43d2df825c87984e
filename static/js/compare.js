// Keeps the ticks of cases to compare from page to page, in this tab only and on this machine only.
"use strict";

const TICKED = "cases-to-compare";

function ticked() {
  try {
    return JSON.parse(sessionStorage.getItem(TICKED)) ?? [];
  } catch {
    return []; // the browser keeps nothing, or something else has written there
  }
}

function keep(slugs) {
  try {
    sessionStorage.setItem(TICKED, JSON.stringify(slugs));
  } catch {
    // The ticks then hold on this page.
  }
}

function boxes() {
  return [...document.querySelectorAll('input[name="case"][form="pick"]')];
}

function showTicks(slugs) {
  const form = document.getElementById("pick");
  if (!form) return;
  const here = new Set();
  for (const box of boxes()) {
    box.checked = slugs.includes(box.value);
    here.add(box.value);
  }
  for (const field of form.querySelectorAll("[data-elsewhere]")) field.remove();
  for (const slug of slugs.filter((slug) => !here.has(slug))) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "case", value: slug });
    field.dataset.elsewhere = "";
    form.append(field);
  }
  const says = form.querySelector("[role=status]");
  says.dataset.none ??= says.textContent;
  says.textContent = slugs.length ? `${slugs.length} case${slugs.length > 1 ? "s" : ""} ticked` : says.dataset.none;
  // A comparison of the very cases that are ticked needs no bar that leads to it.
  const isShown = slugs.length === here.size && slugs.every((slug) => here.has(slug));
  form.classList.toggle("has-ticks", slugs.length > 0 && !isShown);
  form.querySelector(".pick-clear").hidden = slugs.length === 0;
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches('input[name="case"][form="pick"]')) return;
  const others = ticked().filter((slug) => slug !== target.value);
  const slugs = target.checked ? [...others, target.value] : others;
  keep(slugs);
  showTicks(slugs);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "pick" || new FormData(form).has("case")) return;
  event.preventDefault(); // without a ticked case the comparison would be of all of them
  form.querySelector("[role=status]").textContent = "Tick at least two cases first.";
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest(".pick-clear")) return;
  keep([]);
  showTicks([]);
  boxes()[0]?.focus();
});

addEventListener("pageshow", () => showTicks(ticked()));
document.addEventListener("htmx-after-swap", () => showTicks(ticked()));
