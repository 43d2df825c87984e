// Pickers: their boxes have the names of their fields. By keyboard, a letter opens one and begins its search, and Enter
// waits until a record with what was typed is highlighted.
// A search that finds nothing offers to add a record with the name that was typed.
"use strict";
{
  const $ = window.django?.jQuery;
  let observer = null;

  const typed = () => document.querySelector(".select2-container--open .select2-search__field")?.value.trim();

  function add(select, plus, name) {
    $(select).select2("close");
    const address = plus.href;
    const filled = new URL(address);
    filled.searchParams.set(select.dataset.fills, name);
    // Django's own script opens the address of the plus in a pop-up.
    plus.href = filled;
    plus.click();
    plus.href = address;
  }

  function offer(select, plus, results) {
    const message = results.querySelector(".select2-results__message");
    const name = typed();
    if (!message || message.querySelector("button") || !name) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "add-typed";
    button.textContent = `Add “${name}”`;
    button.addEventListener("click", () => add(select, plus, name));
    message.append(" ", button);
  }

  $?.(document).on("select2:open", "select[data-fills]", (event) => {
    const select = event.target;
    const plus = document.getElementById(`add_${select.id}`);
    const results = document.querySelector(".select2-container--open .select2-results");
    observer?.disconnect();
    if (plus && results) {
      observer = new MutationObserver(() => offer(select, plus, results));
      observer.observe(results, { childList: true, subtree: true });
    }
  });

  /* Gives the boxes of Select2 an accessible name: they announce the choice, but not the name of the field. */
  const nameChoices = (place) => place.querySelectorAll(".select2-selection").forEach((box) => {
    const choice = box.closest(".select2").previousElementSibling;
    const label = document.querySelector(`label[for="${choice.id}"]`);
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
  // Wait until Django has set up Select2.
  document.addEventListener("DOMContentLoaded", () => setTimeout(() => nameChoices(document), 0));
  document.addEventListener("formset:added", (event) => setTimeout(() => nameChoices(event.target), 0));

  const OPEN_SEARCH = ".select2-container--open .select2-search__field";
  // The search whose results are shown, and whether Enter was pressed before they were.
  let shown = "";
  let isEnterDue = false;

  const isHighlighted = (words) => {
    const option = document.querySelector(".select2-container--open .select2-results__option--highlighted");
    const name = option?.textContent.toLowerCase() ?? "";
    return words.toLowerCase().split(" ").every((word) => name.includes(word));
  };

  $?.(document).on("select2:open", (event) => {
    const picker = $(event.target).data("select2");
    shown = "";
    isEnterDue = false;
    if (picker.waits) {
      return;
    }
    picker.waits = true;
    picker.on("results:all", ({ query }) => {
      shown = query?.term ?? "";
      if (isEnterDue && shown === document.querySelector(OPEN_SEARCH)?.value) {
        isEnterDue = false;
        picker.trigger("results:select", {});
      }
    });
  });

  document.addEventListener(
    "keydown",
    (event) => {
      const box = event.target.closest?.(".select2-selection--single");
      const isLetter = event.key.length === 1 && event.key !== " ";
      if (box && isLetter && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        event.stopPropagation();
        $(box.closest(".select2-container").previousElementSibling).select2("open");
        const search = document.querySelector(OPEN_SEARCH);
        search.focus();
        search.value = event.key;
        $(search).trigger("input");
      } else if (event.target.matches?.(OPEN_SEARCH)) {
        const { value } = event.target;
        isEnterDue = event.key === "Enter" && value !== shown && !isHighlighted(value);
        if (isEnterDue) {
          event.preventDefault();
          event.stopPropagation();
        }
      }
    },
    true,
  );

  // The focus stays in the search field, so Enter there takes the offer.
  document.addEventListener(
    "keydown",
    (event) => {
      const button = document.querySelector(".select2-container--open .add-typed");
      if (event.key === "Enter" && button && event.target.matches(".select2-search__field")) {
        event.preventDefault();
        event.stopPropagation();
        button.click();
      }
    },
    true,
  );
}
