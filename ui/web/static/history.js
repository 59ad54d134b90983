// Opens the conversation that is picked, and keeps the page's address on the one that is open.
element.addEventListener("click", (event) => {
  const picked = event.target.closest("[data-pick]");
  if (picked) trigger("select", { pick: picked.dataset.pick });
});

watch("value", () => {
  const current = element.querySelector("ul")?.dataset.current;
  const address = new URL(location.href);
  if (current === undefined || address.searchParams.get("conversation") === current) return;
  // The link of an answer stays as it was opened until another conversation is.
  if (address.searchParams.has("answer") && element.dataset.opened === undefined) {
    element.dataset.opened = current;
    return;
  }
  if (address.searchParams.has("answer") && element.dataset.opened === current) return;
  ["answer", "ask", "conversation"].forEach((name) => address.searchParams.delete(name));
  if (current) address.searchParams.set("conversation", current);
  history.replaceState(null, "", address);
});
