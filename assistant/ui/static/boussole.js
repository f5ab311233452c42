// What Gradio does not do by itself: marks that open their source, copying, the filter of the sources, French names.
"use strict";

const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

function openSource(mark) {
  const source = document.getElementById(mark.hash.slice(1));
  if (!source) return;
  const details = source.querySelector("details");
  details.open = true;
  details.querySelector("summary").focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  source.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  source.classList.remove("b-pointed");
  // Reading a size makes the browser restart the animation.
  void source.offsetWidth;
  source.classList.add("b-pointed");
}

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS the clipboard is only reachable through a selection.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.textContent;
  button.textContent = "Réponse copiée";
  setTimeout(() => { button.textContent = label; }, 2000);
}

function filterSources(catalogue) {
  const kind = catalogue.querySelector("select").value;
  const words = fold(catalogue.querySelector("input").value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const entry of catalogue.querySelectorAll(".b-entry")) {
    const kept = (!kind || entry.dataset.kind === kind) && words.every((word) => entry.dataset.words.includes(word));
    entry.hidden = !kept;
    shown += kept ? 1 : 0;
  }
  catalogue.querySelector("[data-count]").textContent =
    shown === 0 ? "Aucune source ne correspond." : `${shown} source${shown > 1 ? "s" : ""}`;
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest("a.b-mark");
  if (mark) {
    event.preventDefault();
    openSource(mark);
    return;
  }
  const skip = event.target.closest("a.b-skip");
  if (skip) {
    event.preventDefault();
    document.querySelector("#b-question textarea")?.focus();
    return;
  }
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
});

// A long passage scrolls in its box: opening it shows the quote, not its beginning.
document.addEventListener("toggle", (event) => {
  const passage = event.target.querySelector(":scope > .b-source-body > blockquote");
  const quote = passage?.querySelector("mark");
  if (event.target.open && quote) passage.scrollTop = quote.offsetTop - passage.clientHeight / 4;
}, true);

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const catalogue = event.target.closest("[data-catalogue]");
    if (catalogue) filterSources(catalogue);
  });
}

// Gradio sets the language of the document from the browser's list once it has started.
new MutationObserver(() => {
  if (document.documentElement.lang !== "fr") document.documentElement.lang = "fr";
}).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

// Screen readers hear what changes in a region that stays: the page's own status is rebuilt each time.
// A question just asked comes to the top of the window, and again once its whole answer has made room for that.
addEventListener("DOMContentLoaded", () => {
  const announcer = document.createElement("div");
  announcer.className = "b-sr";
  announcer.setAttribute("role", "status");
  document.querySelector("gradio-app").before(announcer);
  let busy = false;
  new MutationObserver(() => {
    const said = document.querySelector("[data-say]")?.textContent ?? "";
    if (announcer.textContent !== said) announcer.textContent = said;
    const nowBusy = document.querySelector("#b-current [aria-busy=true]") !== null;
    if (nowBusy !== busy) document.getElementById("b-current")?.scrollIntoView({ block: "start" });
    busy = nowBusy;
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
});
