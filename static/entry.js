/* Makes a form quicker to fill in; without it everything can be entered too. Nothing is kept. */
"use strict";

(() => {
  const form = document.querySelector("form.records");
  if (!form) return;
  const FIELDS = "input:not([type=hidden]), select, textarea";

  const seen = (element) => element.checkVisibility() && !element.disabled;

  /* One tab stop a field: what opens on demand, and the unit, which may be typed behind the number. */
  const settle = () => {
    for (const summary of form.querySelectorAll(".more > summary, .help > summary, .another > summary")) {
      summary.tabIndex = -1;
    }
    for (const unit of form.querySelectorAll("select.unit")) unit.tabIndex = -1;
    for (const limit of form.querySelectorAll(".limit-other")) limit.tabIndex = limit.value ? 0 : -1;
  };

  /* The stops of the Tab key: of a group of buttons the one that is chosen, else the first. */
  const stops = () => {
    const groups = new Set();
    return [...form.querySelectorAll(`${FIELDS}, .actions button`)].filter((field) => {
      if (field.tabIndex < 0 || !seen(field)) return false;
      if (field.type !== "radio") return true;
      const group = [...form.elements[field.name]];
      const stop = group.find((one) => one.checked) ?? group[0];
      if (stop !== field || groups.has(field.name)) return false;
      groups.add(field.name);
      return true;
    });
  };

  const onward = (from) => {
    const all = stops();
    const here = from.type === "radio" ? all.find((stop) => stop.name === from.name) : from;
    all[all.indexOf(here) + 1]?.focus();
  };

  const choose = (radio) => {
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("input", { bubbles: true }));
  };

  /* A letter or digit chooses what begins with it, the next one when it is pressed again. */
  const byLetter = (radio, key) => {
    const group = [...form.elements[radio.name]].filter((one) => one.value);
    const named = group.filter((one) => one.parentElement.innerText.trim().toLowerCase().startsWith(key));
    if (!named.length) return false;
    const chosen = named.findIndex((one) => one.checked);
    choose(named[(chosen + 1) % named.length]);
    return true;
  };

  const open = (field) => {
    const details = field.closest(".sheet-row")?.querySelector(".more");
    if (!details) return false;
    details.open = !details.open;
    (details.open ? details.querySelector(FIELDS) : field).focus();
    return true;
  };

  form.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!target.matches(FIELDS)) return;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    let done = false;
    if (key === "Enter") {
      onward(target);
      done = true;
    } else if (event.altKey && key === "ArrowDown" && target.tagName !== "SELECT") {
      done = open(target);
    } else if (target.type === "radio" && ["Delete", "Backspace"].includes(key)) {
      choose([...form.elements[target.name]].find((one) => !one.value));
      done = true;
    } else if (target.type === "radio" && plain && /^[a-z0-9]$/i.test(key)) {
      done = byLetter(target, key.toLowerCase());
    }
    if (done) event.preventDefault();
  });

  /* A column that is pasted fills the values downwards. */
  form.addEventListener("paste", (event) => {
    const values = [...form.querySelectorAll(".row-value .amount > input")].filter(seen);
    const first = values.indexOf(event.target);
    const lines = event.clipboardData.getData("text").replace(/\s+$/, "").split(/\r?\n/);
    if (first < 0 || lines.length < 2) return;
    event.preventDefault();
    lines.slice(0, values.length - first).forEach((line, place) => {
      const field = values[first + place];
      if (line.trim()) field.value = line.trim();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  /* The change from the value before, where both are plain numbers. */
  const compare = (row) => {
    const field = row.querySelector("input[data-before]");
    const change = row.querySelector("span.row-change");
    if (!field || !change) return;
    const typed = field.value.trim().replace(",", ".");
    const unit = row.querySelector("select.unit");
    const factor = Number(unit?.selectedOptions[0].dataset.factor ?? 1);
    change.textContent = "";
    if (!/^\d+(\.\d{1,2})?$/.test(typed)) return;
    const before = Number(field.dataset.before);
    const percent = Math.round(((Number(typed) * factor - before) * 100) / before);
    change.textContent = `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${Math.abs(percent)} %`;
  };

  let unsaved = "unsaved" in form.dataset;
  form.addEventListener("input", ({ target }) => {
    unsaved = true;
    const row = target.closest(".sheet-row");
    if (row) compare(row);
  });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  form.addEventListener("toggle", ({ target }) => {
    const summary = target.querySelector(":scope > summary");
    if (summary && target.matches(".more, .help, .another")) summary.tabIndex = target.open ? 0 : -1;
  }, true);

  settle();
  for (const row of form.querySelectorAll(".sheet-row")) compare(row);
})();
