// Additions to htmx, which refreshes the list of cases in place. The list works without either.
"use strict";

let shown = location.pathname + location.search; // the address of the current list
let latest; // the last request; responses to earlier ones are ignored
let hadFocus; // whether an element had the focus before the refresh

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
    event.preventDefault(); // a newer request is under way, with boxes ticked since
  } else if (!ctx.text.trimStart().startsWith('<div id="listing"')) {
    event.preventDefault(); // an error page, or the page of a case after a search for its number
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
  // A refresh of the same address adds no entry to the history.
  if (event.detail.history.path === location.pathname + location.search) event.preventDefault();
});

document.addEventListener("htmx-after-history-update", () => {
  shown = location.pathname + location.search;
});

addEventListener("popstate", () => {
  // htmx handles this once it is loaded, but the reader may go back before that.
  if (location.pathname + location.search !== shown) location.reload();
});

// Only a table that is wider than its box scrolls. The line keeps its place, so that nothing moves.
function sayHowToScroll() {
  const line = document.getElementById("how-to-scroll");
  if (!line) return;
  const { scrollWidth, clientWidth } = document.querySelector(".table-scroll");
  line.style.visibility = scrollWidth > clientWidth ? "" : "hidden";
}

addEventListener("DOMContentLoaded", sayHowToScroll);
addEventListener("resize", sayHowToScroll);

function resetOption(option) {
  option.selected = option.defaultSelected;
}

document.addEventListener("htmx-before-swap", () => {
  hadFocus = document.activeElement !== document.body;
});

document.addEventListener("htmx-after-swap", ({ detail: { ctx } }) => {
  sayHowToScroll();
  // A field that the reader has used ignores its attributes in the refreshed page, so it is reset to them.
  for (const field of document.querySelectorAll("#listing [name]")) {
    if (field.type === "checkbox") field.checked = field.defaultChecked;
    else if (field.type === "select-one") [...field.options].forEach(resetOption);
    else if (field !== document.activeElement) field.value = field.defaultValue;
  }
  const { asked } = document.getElementById("listing").dataset;
  for (const link of document.querySelectorAll("link[data-of-list]")) {
    link.href = link.dataset.ofList + (asked ? `?${asked}` : ""); // for feed readers, which look for these links
  }
  const { title } = document.getElementById("listing").dataset;
  document.title = document.title.replace(/^.*(?= – )/, () => title); // a function, because “$&” in a title would be a pattern
  const sorting = document.getElementById("sorting");
  if (sorting.open && ctx.sourceElement.closest("#sorting")) {
    sorting.open = false; // the reader has chosen
    sorting.querySelector("summary").focus();
  }
  const count = document.getElementById("count");
  if (ctx.turnsPage || ctx.request.submitter?.closest(".facets-go")) {
    // The next page, and the cases after “Show”, start at the top.
    count.focus({ preventScroll: true });
    count.scrollIntoView();
  } else if (hadFocus && document.activeElement === document.body) {
    count.focus(); // the element with the focus is gone, such as a removed filter
  }
});
