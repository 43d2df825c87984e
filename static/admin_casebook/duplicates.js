/* Shows likely duplicates below the field for the name, title or address of a record, as it is typed. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const DELAY = 400; // milliseconds after the last key before the server is asked
  const MAX_EVENTS = 5;
  const form = document.querySelector("#content-main > form");
  const place = window.location.pathname.match(/^(.*\/cases\/(actor|source|case)\/)(?:add|([0-9]+)\/change)\/$/);
  if (!form || !place) return;
  const [, base, model, key] = place;
  const valueOf = (name) => form.elements[name]?.value?.trim() ?? "";

  /* Returns the numbers of the rows of a formset, without the template row. */
  const rows = (prefix, field) => {
    const named = new RegExp(`^${prefix}-([0-9]+)-${field}$`);
    return [...form.elements].map((control) => control.name?.match(named)?.[1]).filter(Boolean);
  };
  const events = (prefix, field, read) => rows(prefix, field)
    .map((row) => [valueOf(`${prefix}-${row}-date_edtf`), read(`${prefix}-${row}-${field}`)])
    .filter(([date, about]) => date && about)
    .slice(0, MAX_EVENTS)
    .map((pair) => pair.join("|"));
  const chosen = (name) => [...(form.elements[name]?.selectedOptions ?? [])]
    .map((option) => option.value).join(",");

  const FORMS = {
    actor: {
      fields: ["name", "aliases"],
      typed: () => [valueOf("name"), ...valueOf("aliases").split("\n")].map((name) => ["name", name]),
    },
    source: {
      fields: ["url", "archived_url"],
      parts: /^title$/,
      typed: () => [["title", valueOf("title")], ...["url", "archived_url"].map((field) => ["address", valueOf(field)])],
    },
    case: {
      fields: ["title"],
      parts: /^(incidents|warnings)-[0-9]+-(date_edtf|place|recipients)$/,
      typed: () => [
        ["title", valueOf("title")],
        ...events("incidents", "place", valueOf).map((text) => ["incident", text]),
        ...events("warnings", "recipients", chosen).map((text) => ["warning", text]),
      ],
    },
  };
  const { fields, parts, typed } = FORMS[model];
  const beside = form.elements[fields[0]]?.closest(".form-row");
  if (!beside) return; // the read-only form has no fields

  const region = document.createElement("div");
  region.className = "duplicates";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  beside.append(region);

  const line = (found) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = found.address;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = found.name;
    item.append(link, ` (${found.what}). ${found.reason}`);
    return item;
  };
  const show = (found) => {
    region.replaceChildren();
    if (!found.length) return;
    const heading = document.createElement("p");
    heading.textContent = "Is it one of these? The links open in a new tab.";
    const list = document.createElement("ul");
    list.append(...found.map(line));
    region.append(heading, list);
  };

  let waiting, asked = "", running;
  const ask = async () => {
    const query = new URLSearchParams(typed().filter(([, value]) => value.trim()).slice(0, 20));
    if (String(query) === asked) return;
    asked = String(query);
    running?.abort();
    if (!asked) { show([]); return; }
    running = new AbortController();
    if (key) query.set("key", key);
    try {
      const answer = await fetch(`${base}duplicates/?${query}`, { signal: running.signal });
      show(answer.ok ? (await answer.json()).duplicates : []);
    } catch (error) {
      if (error.name !== "AbortError") show([]); // saving warns of duplicates, too
    }
  };
  // jQuery, because Select2 reports a choice only as a jQuery event.
  window.django.jQuery(form).on("input change", (event) => {
    const name = event.target.name ?? "";
    if (!fields.includes(name) && !parts?.test(name)) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, DELAY);
  });
});
