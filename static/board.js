// The agenda is put in order by drag; the buttons beside each item do the same by keyboard.
"use strict";

const agenda = document.querySelector("[data-agenda]");
const form = document.querySelector("[data-order]");

if (agenda && form) {
  let dragged = null;
  const items = () => [...agenda.querySelectorAll("[data-item]")];
  const order = () => items().map((item) => item.dataset.item).join(",");
  const before = order();

  agenda.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-item]");
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("dragged");
  });
  agenda.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-item]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  agenda.addEventListener("drop", (event) => event.preventDefault());
  agenda.addEventListener("dragend", () => {
    dragged.classList.remove("dragged");
    dragged = null;
    if (order() === before) return;
    form.elements.order.value = order();
    form.submit();
  });
}
