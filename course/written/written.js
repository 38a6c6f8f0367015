// One answer's page: comments by keys, points that add up, and saving.
"use strict";

const form = document.getElementById("grade");
const { points, comment } = form.elements;
const said = document.getElementById("said");
const refused = document.getElementById("refused");
const choices = [...form.querySelectorAll("[data-key]")];
let isChanged = false;

const isChosen = (choice) => choice.getAttribute("aria-pressed") === "true";
const textOf = (choice) => choice.querySelector("span").textContent;
const gives = (choice) =>
  choice.dataset.points !== "" && Number(choice.dataset.points) >= 0;

function set(choice, chosen) {
  if (isChosen(choice) === chosen) return;
  choice.setAttribute("aria-pressed", chosen);
  const text = textOf(choice);
  if (chosen) {
    const so = comment.value.trimEnd();
    comment.value = so ? `${so}\n${text}` : text;
  } else if (holds(text)) {
    // What a person has changed of it stays.
    const lines = `\n${comment.value}\n`;
    comment.value = lines.replace(`\n${text}\n`, () => "\n").slice(1, -1);
  }
}

function holds(text) {
  return `\n${comment.value}\n`.includes(`\n${text}\n`);
}

// Each criterion gives what its chosen comments stand for: not below 0, not above its own.
function add() {
  let sum = 0;
  for (const criterion of form.querySelectorAll("fieldset")) {
    const chosen = choices.filter((c) => criterion.contains(c) && isChosen(c));
    const own = chosen.reduce((total, c) => total + Number(c.dataset.points), 0);
    sum += Math.min(Math.max(own, 0), Number(criterion.dataset.points));
  }
  points.value = String(Math.round(sum * 1000) / 1000);
}

function toggle(choice) {
  const chosen = !isChosen(choice);
  const beside = choices.filter((c) => c.parentElement === choice.parentElement);
  if (chosen && gives(choice)) beside.filter(gives).forEach((c) => set(c, false));
  set(choice, chosen);
  if (choice.dataset.points !== "") add();
  isChanged = true;
  said.textContent = `${chosen ? "Chosen" : "Taken back"}: ${textOf(choice)} ${points.value || 0} points.`;
}

async function save(goesOn) {
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  refused.textContent = "";
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": form.dataset.xsrf },
      body: JSON.stringify({
        answer: form.dataset.answer,
        version: form.dataset.version,
        points: points.value,
        comment: comment.value,
      }),
    });
    await show(response, goesOn);
  } catch (error) {
    refuse(`The server does not answer (${error.message}).`);
  }
  buttons.forEach((button) => (button.disabled = false));
}

async function show(response, goesOn) {
  const isOurs = /json/.test(response.headers.get("Content-Type"));
  const told = isOurs ? await response.json() : {};
  if (told.version) form.dataset.version = told.version;
  if (response.ok) {
    said.textContent = told.said;
    isChanged = false;
    if (goesOn) {
      sessionStorage.setItem("said", told.said);
      location.href = document.getElementById("next").href;
    }
  } else if (told.html !== undefined) {
    document.getElementById("answer").innerHTML = told.html; // made and escaped by ours
    refuse(`${told.error} It is shown anew above, and has: ${told.there}. Look at it, then save again.`);
  } else {
    refuse(told.error || told.message || `The server says ${response.status}; are you still logged in?`);
  }
}

function refuse(words) {
  said.textContent = "";
  refused.textContent = `Nothing was saved. ${words} What you wrote is still in the fields.`;
}

function pressed(event) {
  const isIn = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  const isWith = event.ctrlKey || event.metaKey;
  if (isWith && !event.altKey && (event.key === "Enter" || event.key === "s")) {
    event.preventDefault();
    save(event.key === "Enter");
  } else if (event.key === "Escape" && isIn) {
    event.target.blur();
  } else if (!isIn && !isWith && !event.altKey && document.getElementById("keys").checked) {
    plain(event);
  }
}

function plain(event) {
  const { key } = event;
  const choice = choices.find((c) => c.dataset.key === key);
  const link = { j: "next", ArrowRight: "next", k: "previous", ArrowLeft: "previous" }[key];
  const field = { c: comment, p: points }[key];
  if (!choice && !link && !field) return;
  event.preventDefault();
  if (choice) toggle(choice);
  else if (field) field.focus();
  else document.getElementById(link)?.click();
}

// A comment that was saved with this text was chosen.
for (const choice of choices) {
  choice.setAttribute("aria-pressed", holds(textOf(choice)));
  choice.addEventListener("click", () => toggle(choice));
}
form.addEventListener("input", () => (isChanged = true));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save(true);
});
document.getElementById("stay").addEventListener("click", () => save(false));
document.addEventListener("keydown", pressed);
addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
const keys = document.getElementById("keys");
keys.checked = localStorage.getItem("course-written-keys") !== "off";
keys.addEventListener("change", () =>
  localStorage.setItem("course-written-keys", keys.checked ? "on" : "off"),
);
const before = sessionStorage.getItem("said");
sessionStorage.removeItem("said");
if (before) said.textContent = `${before} ${said.textContent}`;
