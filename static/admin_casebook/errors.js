/* Lists the errors of a long form at its top, each with a link to its field. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const text = (element) => element.textContent.trim().replace(/:$/, "");
  const nameOf = (part) => {
    const [kind, name] = ["h3 b", "h3 .inline_label"].map((place) => part.querySelector(place));
    return kind && name && text(name).startsWith("#") ? `${text(kind)} ${text(name)}` : name && text(name);
  };
  const note = document.querySelector("#content-main > form .errornote");
  if (!note) return;
  const links = document.createElement("ul");
  links.className = "error-links";
  note.parentElement.querySelectorAll("ul.errorlist").forEach((errors) => {
    if (errors.closest(".empty-form")) return;
    const part = errors.closest(".inline-related");
    const control = document.getElementById(errors.id.replace(/_error$/, ""));
    const target = control || part;
    if (!target || !target.id) return;
    const label = control && document.querySelector(`label[for="${CSS.escape(control.id)}"]`);
    const where = [part && nameOf(part), label && text(label)].filter(Boolean).join(" · ");
    errors.querySelectorAll("li").forEach((error) => {
      const link = document.createElement("a");
      link.href = `#${target.id}`;
      link.textContent = where ? `${where}: ${error.textContent.trim()}` : error.textContent.trim();
      links.appendChild(document.createElement("li")).append(link);
    });
  });
  if (links.children.length) note.after(links);
});
