// The cards of a briefing. What is typed is sent when the person pauses or leaves the field, and with every button; the
// server answers with all cards, and, once they are checked, with what it says of the texts that were edited.
const PAUSE = 800; // milliseconds without a key before a text is sent
let timer = null;
let focusNext = null; // the button that the focus goes back to, once its card has moved

const cardOf = (node) => node.closest("li.briefing-card");
const fields = () => [...element.querySelectorAll("[data-field]")];
const changed = (field) => field.value !== field.dataset.text;

function edits() {
  return fields().filter(changed).map((field) => {
    field.dataset.text = field.value;
    return { id: cardOf(field).dataset.id, field: field.dataset.field, text: field.value };
  });
}

function send(act, id) {
  clearTimeout(timer);
  const sent = edits();
  for (const edit of sent) {
    const checks = edit.field === "text" && cardById(edit.id)?.querySelector(".checks");
    if (checks) checks.innerHTML = '<p class="checking" role="status">Checking …</p>';
  }
  if (act || sent.length) trigger("input", { act: act || "", id: id || "", edits: sent });
}

function cardById(id) {
  return [...element.querySelectorAll("li.briefing-card")].find((card) => card.dataset.id === id);
}

function grow(field) {
  if (field.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  const id = cardOf(button).dataset.id;
  focusNext = { id, act: button.dataset.act };
  send(button.dataset.act, id);
});
element.addEventListener("input", (event) => {
  grow(event.target);
  clearTimeout(timer);
  timer = setTimeout(send, PAUSE);
});
element.addEventListener("focusout", (event) => {
  if (event.target.dataset.field && changed(event.target)) send();
});

// Gradio patches the cards in place, by position: what a field shows must be brought in line with its card.
watch("value", () => {
  for (const field of fields()) {
    const typing = field === document.activeElement && !focusNext;
    if (changed(field) && !typing) field.value = field.dataset.text;
    grow(field);
  }
  if (!focusNext) return;
  const card = cardById(focusNext.id) || element.querySelector("li.briefing-card");
  const button = card?.querySelector(`[data-act="${focusNext.act}"]:not(:disabled)`);
  (button || card?.querySelector("[data-act]:not(:disabled)"))?.focus();
  focusNext = null;
});
watch("checks", () => {
  for (const check of props.checks || []) {
    const card = cardById(check.id);
    const text = card?.querySelector("[data-field=text]");
    if (text && text.dataset.text === check.text) card.querySelector(".checks").innerHTML = check.html;
  }
});
