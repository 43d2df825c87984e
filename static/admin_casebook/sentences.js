/* Lets one sentence support several values. A ticked box at a claim stands for a claim of the same sentence about
   that value. It is a row like any other, beside its value, and follows the sentence until the form is saved. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  if (!casebook.ready) return;
  const { group, rows, control, about, isRemoved, values, isStated, addRow, removeRow, copy, draw, element } = casebook;
  const form = group.closest("form");
  const SENTENCE = ["source", "locator", "speaker", "quote", "gist", "date_words", "date_edtf", "date_basis"];
  const OWN = ["stance", "modality"]; // may differ from value to value, though the sentence is the same
  const GROUPS = { involvements: "Roles", assessments: "Exceptions" };

  /* Rows with the same sentence share an object. Equal text is not enough: while a sentence is being typed it may
     equal another for a moment. */
  const sentenceOf = new WeakMap();
  const leadOf = new WeakMap(); // the row that a row takes its stance and modality from
  const textOf = (row) => JSON.stringify(SENTENCE.map((name) => control(row, name).value.trim()));
  const hasWords = (row) => Boolean(control(row, "quote").value.trim() || control(row, "gist").value.trim());
  const others = (row) => rows().filter((other) => (
    other !== row && sentenceOf.has(row) && sentenceOf.get(other) === sentenceOf.get(row)));
  const findEqualSentences = () => {
    const known = new Map();
    for (const row of rows().filter(hasWords)) {
      const text = textOf(row);
      if (!known.has(text)) known.set(text, {});
      sentenceOf.set(row, known.get(text));
    }
  };

  const spread = (row, name) => {
    if (casebook.spreading) return;
    casebook.spreading = true; // copying fires change events, too
    const follows = (other) => SENTENCE.includes(name)
      || (OWN.includes(name) && (leadOf.get(other) === row || !control(other, name).value));
    for (const other of others(row).filter(follows)) {
      if (control(other, name).value !== control(row, name).value) copy(row, other, [name]);
    }
    if (OWN.includes(name)) leadOf.delete(row);
    casebook.spreading = false;
  };
  const spreadChange = ({ target }) => {
    const row = target.closest(".dynamic-claims");
    const [, name] = /^claims-\d+-(\w+)$/.exec(target.name || "") || [];
    if (row && name) spread(row, name);
  };

  /* Ticking and clearing a box */

  const setRemoved = (row, removed) => {
    control(row, "DELETE").checked = removed;
    control(row, "DELETE").dispatchEvent(new Event("change", { bubbles: true }));
  };
  const tick = (row, path) => {
    if (!sentenceOf.has(row)) sentenceOf.set(row, {});
    const isThere = (other) => other !== row && about(other).value === path && textOf(other) === textOf(row);
    let other = rows().find(isThere);
    if (other && isRemoved(other)) setRemoved(other, false);
    if (!other) {
      other = addRow();
      casebook.spreading = true;
      copy(row, other, [...SENTENCE, ...OWN]);
      casebook.spreading = false;
      about(other).value = path;
      casebook.noteIntention(about(other));
      leadOf.set(other, row);
      other.fold?.();
    }
    sentenceOf.set(other, sentenceOf.get(row));
  };
  const clear = (row, path) => {
    for (const other of others(row).filter((other) => about(other).value === path)) {
      if (control(other, "DELETE")) setRemoved(other, true); // stored, so that it goes with the next save
      else removeRow(other);
    }
  };
  const detach = (row) => {
    sentenceOf.delete(row);
    leadOf.delete(row);
    draw();
    control(row, "quote").focus();
  };

  /* The boxes: one for each value that is stated, in a line for each part of the case */

  const nameOf = ({ label, title, row, prefix, whole }) => {
    const name = title?.replace(/^[^:]*: /, "");
    if (prefix === "involvements") return `${name}, ${row.querySelector("[name$='-role'] option:checked").text}`;
    if (prefix === "assessments") return name;
    return whole ? "As a whole" : label;
  };
  const offered = (row) => {
    const all = values();
    const ticked = new Set(others(row).filter((other) => !isRemoved(other)).map((other) => about(other).value));
    const claimed = new Set(rows().filter((other) => !isRemoved(other)).map((other) => about(other).value));
    const isOffered = (value) => (value.whole && ["warnings", "incidents"].includes(value.prefix)
      ? all.some((other) => other.row === value.row && !other.whole && isStated(other)) : isStated(value));
    return all
      .filter((value) => value.path !== about(row).value && (ticked.has(value.path) || isOffered(value)))
      .map((value) => ({
        path: value.path, name: nameOf(value), part: GROUPS[value.prefix] || value.title || "The case",
        isTicked: ticked.has(value.path),
        lacks: isStated(value) && !claimed.has(value.path) && !claimed.has(value.wholePath),
      }));
  };

  const makeBoxes = () => {
    const boxes = element("div", "also");
    boxes.setAttribute("role", "group");
    const [note, only] = [element("p", "also-note"), element("button", "detach-claim tool", "Change here only")];
    note.append("A change of its words, source or locator reaches all ticked values. ", only);
    boxes.append(element("p", "also-title"), element("div", "also-parts"), note);
    return boxes;
  };
  const makeLine = (part, choices) => {
    const line = element("div", "also-part");
    line.setAttribute("role", "group");
    line.setAttribute("aria-label", part);
    const all = element("button", "tick-all tool");
    const list = element("div", "also-values");
    list.append(...choices.map(({ path, name }) => {
      const label = element("label", "");
      const box = element("input", "");
      Object.assign(box, { type: "checkbox", value: path });
      label.append(box, ` ${name}`);
      return label;
    }), all);
    line.append(element("span", "also-name", part), list);
    return line;
  };
  const fill = (boxes, row) => {
    const choices = offered(row);
    const [title, lines, note] = boxes.children;
    boxes.hidden = !choices.length || !(hasWords(row) || choices.some((choice) => choice.isTicked));
    title.textContent = control(row, "stance").value === "asserts"
      ? "This sentence also supports" : "This sentence is also about";
    boxes.setAttribute("aria-label", title.textContent);
    note.hidden = !choices.some((choice) => choice.isTicked);
    // Drawn anew only if the choices are others, so that a box keeps the focus when it is ticked.
    const drawn = JSON.stringify(choices.map(({ path, name, part }) => [path, name, part]));
    const parts = [...new Set(choices.map((choice) => choice.part))];
    const of = (part) => choices.filter((choice) => choice.part === part);
    if (lines.dataset.drawn !== drawn) {
      const focused = lines.contains(document.activeElement) ? document.activeElement.value : null;
      lines.dataset.drawn = drawn;
      lines.replaceChildren(...parts.map((part) => makeLine(part, of(part))));
      if (focused) [...lines.querySelectorAll("input")].find((box) => box.value === focused)?.focus();
    }
    parts.forEach((part, place) => {
      const line = lines.children[place];
      of(part).forEach((choice, number) => {
        const box = line.querySelectorAll("input")[number];
        box.checked = choice.isTicked;
        box.parentElement.classList.toggle("lacking", choice.lacks);
      });
      const open = of(part).filter((choice) => choice.lacks);
      const all = line.querySelector(".tick-all");
      all.hidden = open.length < 2;
      all.textContent = `All ${open.length} without a claim`;
      all.setAttribute("aria-label", `${part}: ${all.textContent.toLowerCase()}`);
    });
  };
  const boxesOf = new WeakMap();
  casebook.drawBoxes = () => {
    for (const row of rows()) {
      if (row.classList.contains("folded")) continue;
      if (!boxesOf.has(row)) {
        boxesOf.set(row, makeBoxes());
        row.querySelector("fieldset").after(boxesOf.get(row));
      }
      fill(boxesOf.get(row), row);
    }
  };

  form.addEventListener("click", ({ target }) => {
    if (target.closest(".fold")) setTimeout(draw, 0); // once it is open
    const row = target.closest(".dynamic-claims");
    if (row && target.matches(".detach-claim")) detach(row);
    if (row && target.matches(".tick-all")) {
      const boxes = target.parentElement.querySelectorAll(".lacking input:not(:checked)");
      const paths = [...boxes].map((box) => box.value);
      boxes[0].focus(); // the button goes
      for (const path of paths) tick(row, path);
      draw();
    }
  });
  form.addEventListener("change", ({ target }) => {
    if (!target.matches(".also input")) return;
    const row = target.closest(".dynamic-claims");
    if (target.checked) tick(row, target.value);
    else clear(row, target.value);
    draw();
  });
  form.addEventListener("input", spreadChange);
  setTimeout(() => {
    django.jQuery(form).on("change", spreadChange); // Select2 fires jQuery events only
    findEqualSentences();
    draw();
  }, 0);
});
