/* Keeps the order in which records are chosen: what is chosen last is submitted last. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#content-main > form");
  if (!form) return;
  // jQuery, because Select2 reports a choice only as a jQuery event.
  window.django.jQuery(form).on("select2:select", "select[data-ordered]", (event) => {
    const select = event.target;
    const chosen = [...select.options].find((option) => option.value === String(event.params.data.id));
    if (!chosen) return;
    select.append(chosen);
    window.django.jQuery(select).trigger("change"); // so that Select2 shows the new order
  });
});
