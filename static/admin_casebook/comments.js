/* Opens the comments on a value of the case in a dialog over its form, and sends what is written there. The form stays
   as it is, with all that was typed in it. Without this script the links lead to a page of their own. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("case_form");
  const panel = () => document.getElementById("comments");
  if (!form || !panel()) return;
  const { address } = panel().dataset;
  const PARTS = JSON.parse(panel().dataset.parts); // the kind of part by the prefix of its rows
  const tools = new Set(); // the buttons that open comments

  const element = (tag, className, words = "") => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = words;
    if (tag === "button") made.type = "button";
    return made;
  };

  /* The dialog: what was written about a value and not sent is kept until the page is left */

  const dialog = element("dialog", "comments-dialog");
  const bar = element("p", "comments-bar");
  const closing = element("button", "tool", "Close");
  closing.addEventListener("click", () => dialog.close());
  bar.append(closing);
  dialog.append(bar);
  dialog.setAttribute("aria-label", "Comments");
  document.body.append(dialog);
  const contents = new Map(); // by what they are about

  const isTyped = (content) => [...content.querySelectorAll("textarea")].some((area) => area.value.trim());
  const say = (content, words) => {
    content.querySelector(".comments-problem")?.remove();
    const said = element("p", "comments-problem errornote", words);
    said.setAttribute("role", "alert");
    content.prepend(said);
  };
  /* Returns what the server answers as an element, or null if it answers with something else, such as a sign-in. */
  const ask = async (about, options = {}) => {
    const query = about ? `?about=${encodeURIComponent(about)}` : "";
    try {
      const response = await fetch(address + query, { ...options, headers: { "X-Requested-With": "fetch" } });
      return new DOMParser().parseFromString(await response.text(), "text/html").querySelector("body > .comments");
    } catch {
      return null; // there is no network
    }
  };
  const show = (content, found) => {
    const summary = found.querySelector("template").content.querySelector("#comments");
    panel().replaceWith(document.importNode(summary, true));
    content.replaceChildren(document.importNode(found, true));
    for (const tool of tools) label(tool);
    const { open } = panel().dataset;
    const all = document.querySelector("a.all-comments");
    if (all) all.textContent = open === "0" ? "Comments" : `Comments (${open} open)`;
  };
  const open = async (about) => {
    if (!contents.has(about)) contents.set(about, element("div", "comments-content"));
    const content = contents.get(about);
    for (const other of contents.values()) other.remove();
    dialog.append(content);
    dialog.showModal();
    if (isTyped(content)) return;
    const found = await ask(about);
    if (isTyped(content)) return; // while waiting, in what was there from the last time
    if (found) show(content, found);
    else say(content, "The comments could not be read. Open the page of comments in a new tab to see why.");
    (content.querySelector("textarea") || closing).focus();
  };
  const send = async (content, about, sent, submitter) => {
    const body = new FormData(sent, submitter);
    // Somebody who signed in again in another tab has a new token.
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (token) body.set("csrfmiddlewaretoken", token[1]);
    const setSending = (isSending) => {
      for (const button of sent.querySelectorAll("button")) button.disabled = isSending;
      for (const area of sent.querySelectorAll("textarea")) area.readOnly = isSending;
    };
    setSending(true);
    const found = await ask(about, { method: "POST", body });
    setSending(false);
    if (!found) {
      say(content, "This was not stored. If you were signed out, sign in again in another tab, then send it once more. " +
        "The case may also have been deleted.");
      return;
    }
    keepOthers(content, found, sent);
    show(content, found);
    (content.querySelector(".errorlist ~ label textarea") || content.querySelector("textarea") || closing).focus();
  };
  /* Keeps what is typed in the other forms of the dialog. */
  const keyOf = (typed) => typed.querySelector("[name=comment]")?.value || "";
  const keepOthers = (content, found, sent) => {
    for (const typed of content.querySelectorAll("form")) {
      if (typed === sent) continue;
      const same = [...found.querySelectorAll("form")].find((other) => keyOf(other) === keyOf(typed));
      const [before, after] = [typed, same].map((each) => each?.querySelector("textarea"));
      if (before?.value && after) after.defaultValue = before.value;
    }
  };
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const content = event.target.closest(".comments-content");
    const about = [...contents].find(([, each]) => each === content)[0];
    send(content, about, event.target, event.submitter);
  });
  // A link to a field of this form: with its address, which may lack a query, it would load the page again.
  dialog.addEventListener("click", (event) => {
    const link = event.target.closest("h3 a");
    if (!link) return;
    event.preventDefault();
    dialog.close();
    location.hash = link.hash;
  });
  dialog.addEventListener("close", () => {
    for (const tool of tools) label(tool);
    // The link that opened the dialog may be gone: its list was made again.
    if (document.activeElement === document.body) document.querySelector("a.all-comments")?.focus();
  });
  // Ctrl+S saves the case, which somebody writing a comment does not want.
  dialog.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...contents.values()].some(isTyped)) event.preventDefault();
  });

  /* The buttons */

  const about = new WeakMap(); // for each button, what it is about
  const nameOf = new WeakMap();
  const label = (tool) => {
    const [unresolved, resolved] = JSON.parse(panel().dataset.counts)[about.get(tool)] || [0, 0];
    const words = unresolved ? `${unresolved} open` : resolved && `${resolved} resolved`;
    const kept = contents.get(about.get(tool));
    const text = `${words ? `Comments: ${words}` : "Comment"}${kept && isTyped(kept) ? " · not sent" : ""}`;
    if (tool.textContent !== text) tool.textContent = text;
    tool.classList.toggle("commented", unresolved > 0);
    tool.setAttribute("aria-label", `${text}, ${nameOf.get(tool)}`);
    tool.tabIndex = unresolved || resolved ? 0 : -1; // F8 opens it from the field
  };
  const setTool = (tool, place, name) => {
    if (about.get(tool) === place && nameOf.get(tool) === name) return;
    about.set(tool, place);
    nameOf.set(tool, name);
    tool.hidden = !place;
    label(tool);
  };
  const makeTool = () => {
    const tool = element("button", "comment-tool tool");
    tool.setAttribute("aria-haspopup", "dialog");
    tool.addEventListener("click", () => open(about.get(tool)));
    tools.add(tool);
    return tool;
  };
  /* Returns what a row of the form is about, "" if it is not stored yet and cannot be commented on. */
  const placeIn = (row, prefix, field = "") => {
    const key = document.getElementById(`id_${row.id}-id`)?.value;
    return key ? `${PARTS[prefix]}:${key}:${field}` : "";
  };
  // Called by evidence.js for each value, whenever it draws the claims beside it.
  casebook.drawComments = (beside, value) => {
    let tool = beside.querySelector(":scope > .comment-tool");
    if (!tool) {
      tool = makeTool();
      beside.append(tool);
    }
    const field = value.whole || value.prefix === "assessments" ? "" : value.path.split(".").pop();
    const place = value.row ? placeIn(value.row, value.prefix, field) : `::${value.path}`;
    setTool(tool, place, value.title && !value.whole ? casebook.namedIn(value.title, value.label) : value.label);
  };
  const addTools = () => {
    for (const [name, words] of [["title", "Title"], ["summary", "Summary"]]) {
      const control = document.getElementById(`id_${name}`);
      if (!control) continue;
      const beside = element("div", "commenting");
      const tool = makeTool();
      beside.append(tool);
      control.closest(".flex-container").parentElement.append(beside);
      setTool(tool, `::${name}`, words);
    }
    for (const row of form.querySelectorAll(".dynamic-claims, .dynamic-notes")) {
      const prefix = row.id.replace(/-\d+$/, "");
      const place = placeIn(row, prefix);
      if (!place) continue;
      let beside = row.querySelector(":scope > .claim-tools");
      if (!beside) {
        beside = element("div", "claim-tools");
        row.append(beside);
      }
      const tool = makeTool();
      beside.append(tool);
      setTool(tool, place, prefix === "claims" ? "this claim" : "this note");
    }
  };
  form.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    for (let place = event.target; place && place !== form; place = place.parentElement) {
      const beside = [...place.children].find((child) => child.matches(".evidence, .commenting, .claim-tools"));
      const tool = beside?.querySelector(".comment-tool:not([hidden])");
      if (!tool) continue;
      event.preventDefault();
      tool.click();
      return;
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.read-comment, a.all-comments");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.about || "");
  });
  // After evidence.js has equipped the rows of claims, which it does once Django has set them up.
  setTimeout(addTools, 0);
});
