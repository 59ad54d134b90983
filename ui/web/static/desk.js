() => {
  // Links under an answer act on it: "#copy-ID", "#rich-ID", "#link-ID", "#brief-ID" go to the page's own bridge.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#chat a[href*='#']");
    const found = link && /^#(copy|rich|link|brief)-(.+)$/.exec(decodeURIComponent(link.hash));
    if (!found) return;
    event.preventDefault();
    event.stopPropagation();
    document.dispatchEvent(new CustomEvent("desk-act", { detail: { action: found[1], turn: found[2] } }));
  }, true);
  // Work and reading fill the window below the head of the page, however many lines that takes.
  const measure = () => {
    const row = document.querySelector("#desk");
    if (row) document.documentElement.style.setProperty("--desk-top", `${Math.round(row.getBoundingClientRect().top + scrollY)}px`);
  };
  measure();
  const top = document.querySelector("#top");
  if (top) new ResizeObserver(measure).observe(top);
  // A plot is drawn for eyes; what it says stands in a table beside it.
  new MutationObserver(() => {
    document.querySelectorAll(".vega-embed:not([aria-hidden])").forEach((plot) => plot.setAttribute("aria-hidden", "true"));
  }).observe(document.body, { childList: true, subtree: true });
  // "/" goes to the question, as in most programs that search.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, [contenteditable]")) return;
    event.preventDefault();
    document.querySelector("#question textarea")?.focus();
  });
}
