// A search in a picker that finds nothing offers to add a record with the name that was typed.
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
