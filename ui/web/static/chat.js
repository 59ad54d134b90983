() => {
  // A marker in an answer leads to its source in the pane beside it, never to another tab.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href*="#cite-"]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const name = decodeURIComponent(link.getAttribute("href").split("#")[1]);
    // The pane may still show another answer's sources: selecting the message fetches this one's.
    const show = (triesLeft) => {
      const card = document.getElementById(name);
      if (!card) {
        if (triesLeft) setTimeout(() => show(triesLeft - 1), 100);
        return;
      }
      document.querySelectorAll(".source.chosen").forEach((other) => other.classList.remove("chosen"));
      card.classList.add("chosen");
      card.scrollIntoView({ block: "nearest", behavior: "smooth" });
      card.focus({ preventScroll: true });
    };
    link.closest("[data-testid='bot'], .message")?.click();
    show(30);
  }, true);
}
