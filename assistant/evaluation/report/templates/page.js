"use strict";
const form = document.getElementById("filter");
const questions = [...document.querySelectorAll(".question")];
const count = document.getElementById("count");

function matches(question, wanted) {
  const outcome = question.dataset.outcomes.split(" ")[Number(wanted.get("system"))];
  return (!wanted.get("type") || question.dataset.type === wanted.get("type"))
    && (!wanted.get("slice") || question.dataset.slice === wanted.get("slice"))
    && (!wanted.get("outcome") || outcome === wanted.get("outcome"))
    && (!wanted.get("disagree") || "disagree" in question.dataset)
    && question.textContent.toLowerCase().includes(wanted.get("words").trim().toLowerCase());
}

function filter() {
  const wanted = new FormData(form);
  for (const question of questions) question.hidden = !matches(question, wanted);
  const shown = questions.filter((question) => !question.hidden).length;
  count.textContent = `${shown} of ${questions.length}`;
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
filter();
