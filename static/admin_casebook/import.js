// Goes to the result as soon as the streamed page of progress is complete.
const resultLink = document.getElementById("go-on");
if (resultLink) {
  window.location.replace(resultLink.href);
}
