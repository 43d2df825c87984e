/* A step (submit, publish) takes the case as it was last saved: ask before typed changes are lost. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#content-main > form");
  if (!form) return;
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  document.querySelectorAll("form.step").forEach((step) => {
    step.addEventListener("submit", (event) => {
      if (changed && !window.confirm("Your changes are not saved. Go on without them?")) {
        event.preventDefault();
      }
    });
  });
});
