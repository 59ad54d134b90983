// The reader's own script: opens a release where something on the page names one, and walks through its quotes.
const CITE = /^#cite-(.+)-(\d+)-(\d+)$/;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

const pane = element.closest("#reader") ?? element; // what scrolls
const shown = () => element.querySelector("article");
const marks = () => [...element.querySelectorAll("mark")];

function placeOf(target) {
  const named = target.closest?.(".open-release");
  if (named) return { release: named.dataset.release, start: named.dataset.start, end: named.dataset.end };
  const link = target.closest?.('a[href*="#cite-"]');
  const found = link && CITE.exec(decodeURIComponent(link.hash));
  return found && { release: found[1], start: found[2], end: found[3], link };
}

// The other quotes of the same answer: the markers of its message, or else the sources above.
function quotesOf(release, link) {
  const message = link?.closest(".message, [data-testid='bot']");
  const links = message
    ? [...message.querySelectorAll('a[href*="#cite-"]')].map((a) => CITE.exec(decodeURIComponent(a.hash))).filter(Boolean)
    : [...document.querySelectorAll("#sources .open-release")].map((b) => [0, b.dataset.release, b.dataset.start, b.dataset.end]);
  return links.filter((found) => found[1] === release).map((found) => [+found[2], +found[3]]);
}

function choose(mark) {
  marks().forEach((other) => other.classList.toggle("chosen", other === mark));
  if (!mark) return;
  const all = marks();
  const count = element.querySelector(".count");
  if (count) count.textContent = `${all.indexOf(mark) + 1} of ${all.length}`;
  // Only the pane scrolls; the page stays where it is.
  const top = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
  pane.scrollTo({ top: Math.max(0, top - pane.clientHeight / 3), behavior: still ? "auto" : "smooth" });
  document.querySelectorAll("#sources .source").forEach((source) => {
    const here = source.dataset.release === shown()?.dataset.release && source.dataset.start === mark.dataset.start;
    source.toggleAttribute("aria-current", here);
  });
}

async function open(place) {
  const chosen = place.start ? [+place.start, +place.end] : null;
  const marked = quotesOf(place.release, place.link);
  document.body.classList.add("reading");
  pane.setAttribute("aria-busy", "true");
  try {
    const html = await server.open_release({ release: place.release, chosen, marked });
    if (props.value === html) return settled(); // the same place again
    pane.scrollTop = 0;
    props.value = html;
  } catch {
    props.value = '<p class="empty">The server does not answer. Is it still running? Reload the page to try again.</p>';
  } finally {
    pane.removeAttribute("aria-busy");
  }
}

function settled() {
  const mark = element.querySelector("mark.chosen") ?? element.querySelector("mark");
  if (mark) choose(mark);
}

document.addEventListener("click", (event) => {
  const place = placeOf(event.target);
  if (place) {
    event.preventDefault();
    event.stopPropagation();
    open(place).then(() => {
      if (innerWidth <= 900) pane.scrollIntoView({ block: "start" });
    });
    return;
  }
  const step = event.target.closest?.("#reader [data-hit]");
  if (step) {
    const all = marks();
    const at = all.findIndex((mark) => mark.classList.contains("chosen"));
    choose(all[(at + Number(step.dataset.hit) + all.length) % all.length]);
  }
}, true);

// Pointing at a marker, or reaching it by keyboard, lights its quote up where its release is open.
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const place = placeOf(event.target);
    if (!place?.link) return;
    const source = document.getElementById(`cite-${place.release}-${place.start}-${place.end}`);
    document.querySelectorAll(".source.pointed").forEach((other) => other.classList.remove("pointed"));
    source?.classList.add("pointed");
    if (shown()?.dataset.release !== place.release) return;
    const mark = element.querySelector(`mark[data-start="${place.start}"]`);
    if (mark && !mark.classList.contains("chosen")) choose(mark);
  });
}

watch("value", settled);
