/* The rows of claims: what each is about, the typed rows it can be about, and its place in the source. */
"use strict";
const casebook = { ready: false };
document.addEventListener("DOMContentLoaded", () => {
  const group = document.getElementById("claims-group");
  const text = document.getElementById("evidence-data");
  const template = document.getElementById("claims-empty");
  if (!group || !text || !template) return; // those who may only look get no template
  const data = JSON.parse(text.textContent);
  const PARTS = Object.keys(data.parts);
  const TYPED = new RegExp(`^(${PARTS.join("|")})-\\d+`);
  const intended = new WeakMap(); // what a choice is about: a row that is typed may be renumbered

  const rows = () => [...document.querySelectorAll(".dynamic-claims")]
    .sort((one, other) => numberOf(one) - numberOf(other));
  const numberOf = (row) => Number(row.id.split("-").pop());
  const control = (row, name) => document.getElementById(`id_${row.id.replace("-empty", "-__prefix__")}-${name}`);
  const about = (row) => control(row, "about");
  const isRemoved = (row) => Boolean(control(row, "DELETE")?.checked);

  /* The rows of the parts of the case, in order; for each its path, or its prefix while it has none. */
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

  /* Offer the values of rows that are not saved, and keep each choice on the row it was made for. */
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
          options.append(new Option(`${part.title} · ${label}`, `${part.path}.${name}`));
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

  /* What a claim says in one line: where it stands, how firm it is, its words. */
  const words = (row) => {
    const firmness = control(row, "modality");
    const stance = control(row, "stance");
    const said = control(row, "quote").value ? `“${control(row, "quote").value}”` : control(row, "gist").value;
    return [
      control(row, "locator").value,
      firmness.value && firmness.selectedOptions[0].text.toLowerCase(),
      stance.value !== "asserts" && stance.selectedOptions[0].text.toLowerCase(),
      said || "nothing said yet",
    ].filter(Boolean).join(" · ");
  };
  const subject = (row) => {
    const option = about(row).selectedOptions[0];
    return option?.value ? option.text.replace(/: .*$/, "") : "About nothing yet";
  };
  const label = (row) => {
    const place = row.querySelector("h3 .inline_label .fold") || row.querySelector("h3 .inline_label");
    place.textContent = `${subject(row)} — ${words(row)}`;
    row.classList.toggle("removed", isRemoved(row));
  };

  /* ¶18 → ¶19, p. 12 → p. 13, H stays: the last number counts. */
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
    offerTypedRows, noteIntention, offerNextPlace, numberOf,
  });
});
