// The address of the network page is that of the network in its frame, so that a link to a part of it works.
const frame = document.getElementById("frame");
const language = new URLSearchParams(frame.getAttribute("src").split("#")[1]).get("lang");
if (location.hash.length > 1) {
  const given = new URLSearchParams(location.hash.slice(1));
  given.set("lang", language);
  frame.src = `${frame.getAttribute("src").split("#")[0]}#${given}`;
}
