// Puts what the server sent on the clipboard, and says so.
const say = (words) => {
  const status = element.querySelector("[role=status]");
  status.textContent = words;
  status.classList.add("seen");
  setTimeout(() => status.classList.remove("seen"), 2500);
};

async function put(sent) {
  if (sent.kind === "said") return say(sent.said);
  const text = sent.kind === "link" ? new URL(sent.text, location.href).href : sent.text;
  try {
    if (sent.html) {
      const parts = { "text/plain": new Blob([text], { type: "text/plain" }), "text/html": new Blob([sent.html], { type: "text/html" }) };
      await navigator.clipboard.write([new ClipboardItem(parts)]);
    } else {
      await navigator.clipboard.writeText(text);
    }
    say(sent.said);
  } catch {
    // Without a secure context (plain http from another machine) browsers have no clipboard: show the words to copy.
    window.prompt("Copy with Ctrl+C, then Enter:", text);
  }
}

watch("value", () => { if (props.value) put(JSON.parse(props.value)); });
