/* Adds a warning with the parties and the channel of another; the editor types its date and words. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  if (!casebook.ready) return;
  const { data, control, copy, draw, element } = casebook;
  const group = document.getElementById("warnings-group");
  const form = group.closest("form");
  const rows = () => [...group.querySelectorAll(".dynamic-warnings")];

  const another = (from) => {
    group.querySelector(".add-row a").click(); // Django's own button, which numbers the row
    const row = rows().pop();
    copy(from, row, data.warning_like);
    draw();
    row.scrollIntoView();
    control(row, "date_words").focus();
  };
  const equip = (row) => {
    const tools = element("div", "claim-tools");
    const tool = element("button", "another-warning tool", "Another like this one");
    tool.addEventListener("click", () => another(tool.closest(".dynamic-warnings")));
    tools.append(tool);
    row.append(tools);
  };
  form.addEventListener("formset:added", (event) => {
    if (event.detail.formsetName === "warnings") equip(event.target);
  });
  // Wait until Django has set up its rows.
  setTimeout(() => rows().forEach(equip), 0);
});
