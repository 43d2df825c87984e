/* Shows the claims next to each value on the form of a case, and opens a claim for editing there. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  if (!casebook.ready) return;
  const { data, group, template, rows, parts, control, about, words, isRemoved } = casebook;
  const form = group.closest("form");
  const FIRST_CONTROL = { date: "date_words", window: "window_start" };
  const STATED_BY = { date: ["date_edtf"], window: ["window_start", "window_end"] }; // if not by the first control
  const SEVERAL = /-(date_words|window_start|deaths|injured)$/;
  const CLAIM_COPIED = ["modality", "source", "locator"];
  let lastTouched = null;

  const element = (tag, className, words = "") => {
    const made = document.createElement(tag);
    made.className = className;
    if (tag === "button") made.type = "button";
    made.textContent = words;
    return made;
  };

  /* Panels: one for each value on the form, identified by the path of the value */

  /* A claim about an exception as a whole is about its status, too, which is its only value. */
  const values = () => [
    ...data.case.map(([name, label]) => ({ path: name, label, input: document.getElementById(`id_${name}`) })),
    ...parts().flatMap(({ row, path, title, fields, prefix }) => [
      { path, label: title, title, whole: true, row, prefix, input: row.querySelector("[name$='-role']") },
      ...fields.map(([name, label]) => ({
        path: `${path}.${name}`, label, title, row, prefix, wholePath: prefix === "assessments" && path,
        input: document.getElementById(`id_${row.id}-${FIRST_CONTROL[name] || name}`),
        statedBy: STATED_BY[name]?.map((control) => document.getElementById(`id_${row.id}-${control}`)),
      })),
    ].filter((value) => !(value.whole && prefix === "assessments"))),
  ].filter((value) => value.input || value.row);

  const panels = new Map(); // by element, because paths change if rows are renumbered
  const placeOf = ({ input, row, whole }) => {
    const cell = input && input.closest("td");
    if (cell) return cell;
    if (whole) return row.querySelector("h3");
    // After the last of the controls that make up one value, so that Tab goes through all of them.
    if (SEVERAL.test(input.name)) return input.closest(".form-row");
    return input.closest(".flex-container:not(.form-multiline)").parentElement;
  };
  const panelFor = (value) => {
    const place = placeOf(value);
    if (!panels.has(place)) {
      const panel = makePanel();
      if (value.whole && place.matches("h3")) place.after(panel); else place.append(panel);
      panels.set(place, panel);
    }
    return panels.get(place);
  };
  const shownIn = new WeakMap(); // the value of each panel
  const makePanel = () => {
    const panel = element("div", "evidence");
    const add = element("button", "add-evidence tool", "+ claim");
    add.addEventListener("click", () => addClaim(shownIn.get(panel).path, panel));
    panel.append(element("span", "missing", "no claim yet"), element("ul", "claims"), add);
    return panel;
  };

  const isStated = ({ input, whole, statedBy }) => {
    if (whole) return Boolean(input && input.value);
    return (statedBy || [input]).some((control) => control && control.value && !data.absent.includes(control.value));
  };

  const draw = () => {
    const claims = new Map();
    for (const row of rows()) {
      casebook.label(row);
      casebook.offerNextPlace(row);
      casebook.sayLength(row);
      if (isRemoved(row)) continue;
      const path = about(row).value;
      claims.set(path, [...(claims.get(path) || []), row]);
    }
    const shown = new Set();
    for (const value of values()) {
      const panel = panelFor(value);
      shown.add(panel);
      fill(panel, value, [value.wholePath, value.path].flatMap((path) => claims.get(path) || []));
    }
    for (const [place, panel] of panels) {
      if (!shown.has(panel)) { panel.remove(); panels.delete(place); }
    }
    for (const count of document.querySelectorAll('nav.sections a[href="#claims-heading"] .count')) {
      count.textContent = rows().filter((row) => !isRemoved(row)).length;
    }
    casebook.drawBoxes?.();
  };

  // Elements are updated in place. Leaving a field redraws between mousedown and mouseup, and a button that was
  // replaced in between would get no click event and lose the focus.
  const fill = (panel, value, claims) => {
    shownIn.set(panel, value);
    const [missing, list, add] = panel.children;
    missing.hidden = claims.length > 0 || !isStated(value);
    panel.classList.toggle("lacking", !missing.hidden);
    list.hidden = !claims.length;
    // F2 adds a claim from the field, so Tab stops here only where a claim is called for.
    add.tabIndex = value.whole || claims.length || isStated(value) ? 0 : -1;
    const name = value.title && !value.whole ? casebook.namedIn(value.title, value.label) : value.label;
    add.setAttribute("aria-label", `${add.textContent} for ${name}`);
    const wanted = claims.map(lineOf);
    if (wanted.length !== list.children.length || wanted.some((line, place) => line !== list.children[place])) {
      list.replaceChildren(...wanted);
    }
    casebook.drawComments?.(panel, value);
  };

  const lines = new WeakMap(); // by the row of the claim, because numbers change if a row is removed
  const lineOf = (row) => {
    if (!lines.has(row)) {
      const made = element("li", "");
      const button = element("button", "claim-line");
      button.addEventListener("click", () => toggle(row, button.closest(".evidence")));
      made.append(button);
      lines.set(row, made);
    }
    const button = lines.get(row).firstChild;
    if (button.textContent !== words(row)) button.textContent = words(row);
    button.setAttribute("aria-expanded", String(row.closest(".desk") !== null));
    return lines.get(row);
  };

  /* Opening a claim moves its row next to the value; closing it moves the row back */

  const placeUnder = (panel) => panel.closest("tr") || panel.closest(".form-row") || panel;
  const deskAt = (panel) => {
    const line = placeUnder(panel);
    const next = line.nextElementSibling;
    if (next?.classList.contains("desk")) return next.querySelector(".desk-place") || next;
    if (line.tagName !== "TR") {
      const desk = element("div", "desk");
      line.after(desk);
      return desk;
    }
    const desk = element("tr", "desk");
    const cell = element("td", "desk-place");
    cell.colSpan = line.cells.length;
    desk.append(cell);
    line.after(desk);
    return cell;
  };
  const moveBack = (row) => {
    const desk = row.closest(".desk");
    const later = rows().find((other) => other.parentElement === template.parentElement && casebook.numberOf(other) > casebook.numberOf(row));
    template.parentElement.insertBefore(row, later || template);
    if (desk && !desk.querySelector(".inline-related")) desk.remove();
  };
  const moveAllBack = () => {
    for (const row of rows().filter((row) => row.closest(".desk"))) {
      moveBack(row);
      row.fold?.();
    }
  };
  const openedAt = new WeakMap();
  const openAt = (row, panel) => {
    moveAllBack();
    openedAt.set(row, panel);
    row.unfold?.();
    deskAt(panel).append(row);
    draw();
  };
  /* Removes a row that is not stored. All rows move back for that, so the open one is opened again. */
  const removeRow = (row) => {
    const focused = document.activeElement;
    const open = rows().find((other) => other.closest(".desk"));
    row.querySelector(".inline-deletelink").click();
    if (open?.isConnected) openAt(open, openedAt.get(open));
    focused.focus({ preventScroll: true });
  };
  const toggle = (row, panel) => {
    if (row.closest(".desk")) close(row);
    else {
      openAt(row, panel);
      control(row, "quote").focus();
    }
  };
  const close = (row) => {
    moveBack(row);
    row.fold?.();
    draw();
    lines.get(row)?.firstChild.focus();
  };

  /* A new claim starts with the source, locator and modality of the claim edited before it */

  const choose = (select, value, text) => {
    if (![...select.options].some((option) => option.value === value)) select.append(new Option(text, value));
    select.value = value;
    django.jQuery(select).trigger("change"); // Select2 listens to jQuery events only
  };
  const chooseAll = (select, options) => {
    select.replaceChildren(...[...options].map(({ text, value }) => new Option(text, value, true, true)));
    django.jQuery(select).trigger("change");
  };
  const before = (row) => {
    if (lastTouched?.isConnected && control(lastTouched, "source").value) return lastTouched;
    return data.last ? null : rows().filter((other) => other !== row).pop();
  };
  const copy = (from, to, names) => {
    for (const name of names) {
      const [old, fresh] = [control(from, name), control(to, name)];
      if (old.multiple) chooseAll(fresh, old.selectedOptions);
      else if (old.tagName === "SELECT") choose(fresh, old.value, old.selectedOptions[0]?.text || "");
      else fresh.value = old.value;
    }
  };
  const addRow = () => {
    group.querySelector(".add-row a").click(); // Django's own button, which numbers the row
    return rows().pop();
  };
  const begin = (row) => {
    const from = before(row);
    if (from) copy(from, row, CLAIM_COPIED);
    else if (data.last) {
      choose(control(row, "source"), data.last.source, data.last.title);
      control(row, "locator").value = data.last.locator;
      control(row, "modality").value = data.last.modality;
    }
    lastTouched = row;
  };
  const addClaim = (path, panel) => {
    const row = addRow();
    about(row).value = path;
    casebook.noteIntention(about(row));
    begin(row);
    openAt(row, panel);
    const open = CLAIM_COPIED.map((name) => control(row, name)).find((copied) => !copied.value);
    const first = open || control(row, "quote");
    (first.nextElementSibling?.querySelector?.(".select2-selection") || first).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  form.addEventListener("click", ({ target, isTrusted }) => {
    if (!isTrusted || !target.closest("#claims-group .add-row a")) return;
    begin(rows().pop());
    draw();
  });
  const addLike = (from, names) => {
    const row = addRow();
    copy(from, row, names);
    lastTouched = row;
    if (from.parentElement !== row.parentElement) from.after(row);
    return row;
  };
  const clone = (from) => {
    const row = addLike(from, ["stance", "modality", "source", "locator", "speaker", "quote", "gist"]);
    draw();
    about(row).focus();
  };
  /* Adds a claim about the same value, of which only the words are left to type. */
  const another = (from) => {
    const row = addLike(from, CLAIM_COPIED);
    about(row).value = about(from).value;
    casebook.noteIntention(about(row));
    openedAt.set(row, openedAt.get(from));
    draw();
    control(row, "quote").focus();
  };

  /* The buttons in each row of a claim */

  const equip = (row) => {
    const tools = element("div", "claim-tools");
    const copyTool = element("button", "copy-claim tool", "Copy claim");
    const closeTool = element("button", "close-claim tool", "Done with this claim");
    const anotherTool = element("button", "another-claim tool", "Another like this one");
    tools.append(closeTool, anotherTool, copyTool);
    row.append(tools);
  };
  const ACTIONS = [
    [".copy-claim", (row) => clone(row)],
    [".another-claim", (row) => another(row)],
    [".close-claim", (row) => close(row)],
    [".next-place", (row) => { casebook.move(control(row, "locator"), 1); control(row, "locator").focus(); }],
  ];
  form.addEventListener("click", (event) => {
    for (const [selector, act] of ACTIONS) {
      if (event.target.matches(selector)) act(event.target.closest(".dynamic-claims"));
    }
  });
  const leave = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const row = event.target.closest(".desk .dynamic-claims");
    if (row && !event.target.closest(".select2-container--open")) close(row);
  };

  const addByKey = (event) => {
    if (event.key !== "F2" || event.target.closest(".dynamic-claims")) return;
    for (let place = event.target; place && place !== form; place = place.parentElement) {
      const panel = [...place.children].find((child) => child.matches(".evidence"));
      if (!panel) continue;
      event.preventDefault();
      panel.querySelector(".add-evidence").click();
      return;
    }
  };

  /* Redraw after typing, adding and removing */

  let waiting = false;
  const drawSoon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  };
  Object.assign(casebook, { values, isStated, addRow, removeRow, copy, draw, element });
  casebook.lineFor = (row) => lines.get(row)?.firstChild;
  form.addEventListener("keydown", leave);
  form.addEventListener("keydown", addByKey);
  form.addEventListener("input", drawSoon);
  const follow = (event) => {
    const row = event.target.closest(".dynamic-claims");
    if (row && !casebook.spreading) lastTouched = row;
    if (row && event.target === about(row)) casebook.noteIntention(event.target);
    if (event.target.closest(".field-actor, .field-exception")) casebook.offerTypedRows();
    drawSoon();
  };
  form.addEventListener("formset:added", (event) => {
    if (event.detail.formsetName === "claims") equip(event.target);
    else casebook.offerTypedRows();
    drawSoon();
  });
  // In the capture phase, before Django removes the row: it renumbers the rows in their order on the page, so all
  // rows have to be back in their place.
  document.addEventListener("click", (event) => {
    if (event.target.closest(".inline-deletelink")) {
      moveAllBack();
      setTimeout(() => { casebook.offerTypedRows(); draw(); }, 0);
    }
  }, true);
  // Wait until Django has set up its rows, which fires a change event for each select.
  setTimeout(() => {
    django.jQuery(form).on("change", follow);
    rows().forEach(equip);
    for (const row of rows()) casebook.noteIntention(about(row));
    casebook.offerTypedRows();
    draw();
  }, 0);
});
