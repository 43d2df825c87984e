// What the list of cases needs beside htmx, which refreshes it in place. Without either it works too.
"use strict";

let shown = location.pathname + location.search; // the address of the list that is shown
let latest; // what the reader asked for last: only the answer to that is shown
let hadFocus; // whether anything in the page had the focus before its part was refreshed

document.addEventListener("htmx-config-request", ({ detail: { ctx } }) => {
  latest = ctx;
  ctx.turnsPage = ctx.sourceElement.closest(".pager") !== null;
  // Leave empty fields out, so that the server need not redirect to the address without them.
  const sent = ctx.request.body;
  for (const [name, value] of [...sent]) if (!value) sent.delete(name);
});

document.addEventListener("htmx-after-request", (event) => {
  const { ctx } = event.detail;
  if (ctx !== latest) {
    event.preventDefault(); // a box that was ticked meanwhile is not in this answer; the next one has it
  } else if (!ctx.text.trimStart().startsWith('<div id="listing"')) {
    event.preventDefault(); // an error, or the case that a number leads to: a page of its own
    location.assign(ctx.response.raw.url);
  }
});

document.addEventListener("htmx-error", ({ detail: { ctx } }) => {
  if (!ctx || ctx !== latest) return;
  const trouble = document.getElementById("trouble");
  trouble.querySelector("a").href = ctx.request.action;
  trouble.hidden = false;
});

document.addEventListener("htmx-before-history-update", (event) => {
  // The same address again is not a step to go back.
  if (event.detail.history.path === location.pathname + location.search) event.preventDefault();
});

document.addEventListener("htmx-after-history-update", () => {
  shown = location.pathname + location.search;
});

addEventListener("popstate", () => {
  // htmx sees to this once it is ready; back may be pressed again before that.
  if (location.pathname + location.search !== shown) location.reload();
});

function asGiven(option) {
  option.selected = option.defaultSelected;
}

document.addEventListener("htmx-before-swap", () => {
  hadFocus = document.activeElement !== document.body;
});

document.addEventListener("htmx-after-swap", ({ detail: { ctx } }) => {
  // A field that was used keeps a state of its own; the refreshed page says what it should be.
  for (const field of document.querySelectorAll("#listing [name]")) {
    if (field.type === "checkbox") field.checked = field.defaultChecked;
    else if (field.type === "select-one") [...field.options].forEach(asGiven);
    else if (field !== document.activeElement) field.value = field.defaultValue;
  }
  const { asked } = document.getElementById("listing").dataset;
  for (const link of document.querySelectorAll("link[data-of-list]")) {
    link.href = link.dataset.ofList + (asked ? `?${asked}` : ""); // what feed readers find in the page
  }
  const { title } = document.getElementById("listing").dataset;
  document.title = document.title.replace(/^.*(?= – )/, () => title); // a title may hold “$&”, which means something there
  const sorting = document.getElementById("sorting");
  if (sorting.open && ctx.sourceElement.closest("#sorting")) {
    sorting.open = false; // the choice is made
    sorting.querySelector("summary").focus();
  }
  const count = document.getElementById("count");
  if (ctx.turnsPage || ctx.request.submitter?.closest(".facets-go")) {
    // The next page begins at its top, and so do the cases after "Show".
    count.focus({ preventScroll: true });
    count.scrollIntoView();
  } else if (hadFocus && document.activeElement === document.body) {
    count.focus(); // what had it is gone, as a filter that was removed
  }
});
