/* Saves with Ctrl+S (⌘S), and asks before unsaved changes are lost, by leaving the page or by a step such as
   “Publish”, which uses the case as last saved. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#content-main > form");
  if (!form) return;
  let changed = document.querySelector(".errornote, .filled, .citation[open]") !== null; // the form came back with unsaved input
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  const save = form.querySelector("[name=_continue]") || form.querySelector("[name=_save]");
  document.addEventListener("keydown", (event) => {
    if (!save || event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    document.activeElement.blur(); // fires the change event of the field with the focus
    save.click();
  });
  if (save) {
    const hint = document.createElement("span");
    hint.className = "save-keys";
    hint.textContent = [
      "Ctrl+S: save",
      form.querySelector(".help details") && "F1: help",
      document.getElementById("evidence-data") && "F2: claim",
      document.getElementById("comments") && "F8: comment",
    ].filter(Boolean).join(" · ");
    save.closest(".submit-row").append(hint);
  }
  document.querySelectorAll("form.step").forEach((step) => {
    step.addEventListener("submit", (event) => {
      if (changed && !window.confirm("Your changes are not saved. Go on without them?")) {
        event.preventDefault();
      } else {
        changed = false;
      }
    });
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
});
