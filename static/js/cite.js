// The buttons that copy a citation. Without a script a click selects its text.
"use strict";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text); // not there on plain http
  } catch {
    return false;
  }
  return true;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const citation = button.closest(".cited").querySelector(".citation");
  const status = button.closest(".citations").querySelector("[role=status]");
  const copied = await copy(citation.textContent.trim());
  if (!copied) getSelection().selectAllChildren(citation);
  status.textContent = copied ? "Copied" : "Selected: copy it with your keyboard";
  button.textContent = copied ? "Copied" : "Selected";
  setTimeout(() => {
    button.textContent = "Copy";
    status.textContent = "";
  }, 3000);
});
