/* The rows of claims on the form of a case: their targets, their one-line titles and their locators. */
"use strict";
const casebook = { ready: false };
document.addEventListener("DOMContentLoaded", () => {
  const group = document.getElementById("claims-group");
  const text = document.getElementById("evidence-data");
  const template = document.getElementById("claims-empty");
  if (!group || !text || !template) return; // the read-only form has no template row
  const data = JSON.parse(text.textContent);
  const PARTS = Object.keys(data.parts);
  const TYPED = new RegExp(`^(${PARTS.join("|")})-\\d+`);
  // The chosen unsaved row by select: rows are renumbered if one is removed, so the value is not enough.
  const intended = new WeakMap();

  const rows = () => [...document.querySelectorAll(".dynamic-claims")]
    .sort((one, other) => numberOf(one) - numberOf(other));
  const numberOf = (row) => Number(row.id.split("-").pop());
  const control = (row, name) => document.getElementById(`id_${row.id.replace("-empty", "-__prefix__")}-${name}`);
  const about = (row) => control(row, "about");
  const isRemoved = (row) => Boolean(control(row, "DELETE")?.checked);

  /* Returns the rows of the parts of the case, in order. An unsaved row has its prefix as its path. */
  const parts = () => PARTS.flatMap((prefix) =>
    [...document.querySelectorAll(`.dynamic-${prefix}`)].map((row) => ({
      row, prefix, path: data.rows[row.id] || row.id, isTyped: !data.rows[row.id],
      title: titleOf(prefix, row), fields: data.parts[prefix].fields,
    })));
  const titleOf = (prefix, row) => {
    const names = row.querySelectorAll(".field-actor select option:checked, .field-exception select option:checked");
    const name = [...names].map((option) => option.value && option.text).filter(Boolean)[0];
    return `${data.parts[prefix].name} ${numberOf(row) + 1}${name ? `: ${name}` : ""}`;
  };

  /* Returns the name of a value with that of its part, as everywhere: “Warning 1, channel”. */
  const namedIn = (title, label) => {
    const isWord = /^\p{Lu}\p{Ll}/u.test(label); // not a code, such as “E.3.a”
    return `${title}, ${isWord ? label.charAt(0).toLowerCase() + label.slice(1) : label}`;
  };

  /* Offers the values of unsaved rows as targets, and keeps each choice on the row it was made for. */
  const offerTypedRows = () => {
    const typed = parts().filter((part) => part.isTyped);
    for (const row of [...rows(), template]) {
      const select = about(row);
      const meant = intended.get(select);
      for (const option of [...select.options]) if (TYPED.test(option.value)) option.remove();
      for (const old of select.querySelectorAll("optgroup:empty")) old.remove();
      for (const part of typed) {
        const options = document.createElement("optgroup");
        options.label = `${part.title} (new)`;
        options.append(new Option(`${part.title} as a whole`, part.path));
        for (const [name, label] of part.fields) {
          options.append(new Option(namedIn(part.title, label), `${part.path}.${name}`));
        }
        select.append(options);
      }
      if (meant) select.value = meant.row.isConnected ? meant.row.id + meant.rest : "";
    }
  };
  const noteIntention = (select) => {
    const [prefix] = TYPED.exec(select.value) || [];
    if (prefix) intended.set(select, { row: document.getElementById(prefix), rest: select.value.slice(prefix.length) });
    else intended.delete(select);
  };

  /* Returns a quote without quotation marks around the whole of it, as cases/text/quoting.py saves it. */
  const PAIRS = ["“”", "„“", "„”", "«»", "»«", "‘’", '""', "''"];
  const withoutMarks = (text) => {
    const quote = text.trim();
    for (const [opening, closing] of PAIRS) {
      if (quote.length < 2 || !quote.startsWith(opening) || !quote.endsWith(closing)) continue;
      const inside = quote.slice(1, -1);
      const [firstEnd, lastBegin] = [inside.indexOf(closing), inside.lastIndexOf(opening)];
      const isQuote = inside.startsWith(opening) && inside.endsWith(closing);
      if (isQuote || firstEnd < 0 || firstEnd >= lastBegin) return withoutMarks(inside);
    }
    return quote;
  };

  /* Returns a claim in one line: its locator, modality, stance and words. */
  const words = (row) => {
    const firmness = control(row, "modality");
    const stance = control(row, "stance");
    const quote = withoutMarks(control(row, "quote").value);
    const said = quote ? `“${quote}”` : control(row, "gist").value;
    return [
      control(row, "locator").value,
      firmness.value && firmness.selectedOptions[0].text.toLowerCase(),
      stance.value !== "asserts" && stance.selectedOptions[0].text.toLowerCase(),
      said || "no words yet",
    ].filter(Boolean).join(" · ");
  };
  const subject = (row) => {
    const option = about(row).selectedOptions[0];
    return option?.value ? option.text.replace(/: .*$/, "") : "About nothing yet";
  };
  const label = (row) => {
    const place = row.querySelector("h3 .inline_label .fold") || row.querySelector("h3 .inline_label");
    // An open claim has its words in its fields, and in the line beside the value.
    place.textContent = row.classList.contains("folded") ? `${subject(row)} — ${words(row)}` : subject(row);
    row.classList.toggle("removed", isRemoved(row));
  };

  /* Returns a locator with its last number changed: ¶18 → ¶19, p. 12 → p. 13. One without stays. */
  const step = (place, by) => place.replace(/\d+(?=\D*$)/, (number) => String(Math.max(1, Number(number) + by)));
  const offerNextPlace = (row) => {
    const input = control(row, "locator");
    const button = row.querySelector(".next-place") || document.createElement("button");
    if (!button.className) {
      button.type = "button";
      button.className = "next-place tool";
      input.after(button);
    }
    const next = step(input.value, 1);
    button.hidden = next === input.value;
    button.textContent = `→ ${next}`;
    button.setAttribute("aria-label", `→ ${next}: the next place in the source`);
  };

  /* Counts the words of a quote, as cases/text/quoting.py does, and says how many there may be. */
  const MAX_WORDS = Number(template.querySelector("[data-max-words]")?.dataset.maxWords);
  const countWords = (text) => text.split(/[\s—―…]+|(?<![0-9])–|–(?![0-9])/).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;
  const sayLength = (row) => {
    const input = control(row, "quote");
    let said = input.parentElement.querySelector(".quote-length");
    if (!said) {
      said = document.createElement("output");
      said.className = "quote-length";
      said.htmlFor = input.id;
      input.after(said);
    }
    const words = countWords(input.value);
    const isTooLong = words > MAX_WORDS;
    const text = isTooLong ? `${words} words; ${MAX_WORDS} at most` : words ? `${words} of ${MAX_WORDS} words` : "";
    if (said.textContent !== text) said.textContent = text;
    said.classList.toggle("too-long", isTooLong);
  };
  group.closest("form").addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by || !/^claims-\d+-locator$/.test(event.target.name || "")) return;
    event.preventDefault();
    move(event.target, by);
  });
  const move = (input, by) => {
    input.value = step(input.value, by);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  for (const row of rows()) noteIntention(about(row));
  Object.assign(casebook, {
    ready: true, data, group, template, rows, parts, control, about, words, subject, label, isRemoved, move,
    offerTypedRows, namedIn, noteIntention, offerNextPlace, numberOf, sayLength,
  });
});
