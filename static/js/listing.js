// What the list of cases needs beside htmx, which refreshes it in place. Without either it works too.
"use strict";

let latest; // what the reader asked for last: only the answer to that is shown
let hadFocus; // whether anything in the page had the focus before its part was refreshed

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  latest = ctx;
  ctx.turnsPage = ctx.sourceElement.closest(".pager") !== null;
  // Leave empty fields out, so that the server need not redirect to the address without them.
  const sent = ctx.request.body;
  for (const [name, value] of [...sent]) if (!value) sent.delete(name);
});

document.addEventListener("htmx:before:response", (event) => {
  // A box that was ticked meanwhile is not in this answer; the next one has it.
  if (event.detail.ctx !== latest) event.preventDefault();
});

document.addEventListener("htmx:after:request", (event) => {
  const { response, text } = event.detail.ctx;
  // An error page, or the case that a number leads to, is a page of its own.
  if (response.raw.ok && text.trimStart().startsWith('<div id="listing"')) return;
  event.preventDefault();
  location.assign(response.raw.url);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx || ctx !== latest) return;
  const trouble = document.getElementById("trouble");
  trouble.querySelector("a").href = ctx.request.action;
  trouble.hidden = false;
});

document.addEventListener("htmx:before:history:update", (event) => {
  // The same address again is not a step to go back.
  if (event.detail.history.path === location.pathname + location.search) event.preventDefault();
});

document.addEventListener("htmx:before:swap", () => {
  hadFocus = document.activeElement !== document.body;
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  // A field that was used keeps a state of its own; the refreshed page says what it should be.
  for (const field of document.getElementById("narrow").elements) {
    if (field.type === "checkbox") field.checked = field.defaultChecked;
    else if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
    else if (field.matches("input") && field !== document.activeElement) field.value = field.defaultValue;
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
