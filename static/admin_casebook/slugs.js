// After a refused save of a new record, the proposed slug goes on following the title until somebody edits it.
"use strict";
{
  // Django's table of letters lacks the plain alef and those that Persian adds to the Arabic script.
  const LACKING = { ا: "a", آ: "a", پ: "p", چ: "ch", ژ: "zh", گ: "g", ک: "k", ی: "y" };
  const { URLify } = window;
  if (URLify) {
    window.URLify = (text, ...others) => URLify(text.replace(/[اآپچژگکی]/g, (letter) => LACKING[letter]), ...others);
  }
}
document.addEventListener("DOMContentLoaded", () => {
  if (!location.pathname.endsWith("/add/")) {
    return;
  }
  const $ = window.django?.jQuery;
  const constants = document.getElementById("django-admin-prepopulated-fields-constants");
  for (const field of JSON.parse(constants?.dataset.prepopulatedFields || "[]")) {
    const slug = document.querySelector(field.id);
    const sources = field.dependency_ids.map((id) => document.querySelector(id));
    const words = sources.map((source) => source?.value).filter(Boolean);
    const proposed = URLify(words.join(" "), field.maxLength, field.allowUnicode);
    if (slug?.value && slug.value === proposed) {
      // Django lets only an empty field follow.
      slug.value = "";
      $(slug).prepopulate(field.dependency_ids, field.maxLength, field.allowUnicode);
      slug.value = proposed;
    }
  }
});
