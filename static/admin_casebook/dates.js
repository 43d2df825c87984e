/* Says below a date how it is read while it is typed, and asks about words of a date that are not coded. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const DELAY = 300; // milliseconds after the last key before the server is asked
  const form = document.querySelector("#content-main > form");
  const address = form?.querySelector("[data-read]")?.dataset.read;
  if (!address) return; // a form without dates, or one that is only read

  const answers = new Map();
  const read = async (text) => {
    if (answers.has(text)) return answers.get(text);
    try {
      const answer = await fetch(`${address}?${new URLSearchParams({ text })}`);
      answers.set(text, await answer.json());
      return answers.get(text);
    } catch {
      return {}; // no connection, or signed out; saving says what is wrong
    }
  };

  /* Proposes what most dates rest on, and takes it back with the date: there is no date stated then. */
  const proposeBasis = (input) => {
    const basis = form.elements[input.name.replace(/edtf$/, "basis")];
    if (!basis) return;
    const isGiven = Boolean(input.value.trim());
    if (isGiven && basis.value === "not_stated") {
      basis.value = "stated";
    } else if (!isGiven && basis.value === "stated") {
      basis.value = "not_stated";
    }
  };

  const offer = (input, answer) => {
    let button = input.parentElement.querySelector(".code-date");
    if (!answer) { button?.remove(); return; }
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "code-date tool";
      input.nextElementSibling.after(button);
    }
    button.textContent = `Code it as ${answer.meaning}`;
    button.onclick = () => {
      input.value = answer.edtf;
      input.focus();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
  };

  const update = async (input) => {
    const said = input.parentElement.querySelector(".date-read");
    const wordsOf = () => form.elements[input.name.replace(/edtf$/, "words")]?.value.trim() ?? "";
    const [text, words] = [input.value.trim(), wordsOf()];
    const answer = text || words ? await read(text || words) : {};
    if (input.value.trim() !== text || wordsOf() !== words) return; // typed on meanwhile
    const isAsked = !text && Boolean(words);
    said.classList.toggle("unread", isAsked || Boolean(answer.error));
    said.textContent = isAsked
      ? `“${words}” is not coded, so the date counts as not stated. Write here which days it means.`
      : answer.meaning || answer.error || "";
    offer(input, isAsked && answer.edtf ? answer : null);
  };

  const waiting = new Map();
  form.addEventListener("input", ({ target }) => {
    const [, stem] = /^(.+_)(?:words|edtf)$/.exec(target.name || "") || [];
    const input = stem && form.elements[`${stem}edtf`];
    if (!input) return;
    if (target === input) proposeBasis(input);
    window.clearTimeout(waiting.get(input));
    waiting.set(input, window.setTimeout(() => update(input), DELAY));
  });
  for (const input of form.querySelectorAll("[data-read]")) {
    if (!input.value && !input.name.includes("__prefix__")) update(input);
  }
});
