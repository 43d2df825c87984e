// Leads on to the outcome once the page has told all progress.
const onwards = document.getElementById("go-on");
if (onwards) {
  window.location.replace(onwards.href);
}
