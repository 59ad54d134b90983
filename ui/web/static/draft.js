// The number before a sentence leads to its evidence, which is opened, and not to another address.
element.addEventListener("click", (event) => {
  const sign = event.target.closest("a.sign");
  if (!sign) return;
  event.preventDefault();
  const evidence = element.querySelector(sign.hash);
  if (!evidence) return;
  if (evidence.tagName === "DETAILS") evidence.open = true;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  evidence.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  evidence.focus({ preventScroll: true });
});
