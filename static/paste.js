/* Results that are pasted are read by the server, and fill empty fields once that is confirmed. */
"use strict";

(() => {
  const form = document.querySelector("form.visit");
  const panel = document.querySelector(".paste");
  if (!form || !panel) return;
  const text = panel.querySelector("textarea");
  const said = panel.querySelector(".paste-said");
  const lost = panel.querySelector(".paste-lost");

  const read = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("pasted", text.value);
    said.replaceChildren();
    lost.hidden = true;
    try {
      const answer = await fetch(panel.dataset.address, {
        method: "POST", body, cache: "no-store", redirect: "error",
      });
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".pasted");
      if (!part) throw new Error(answer.status);
      said.replaceChildren(document.importNode(part, true));
    } catch {
      lost.hidden = false;
    }
  };

  /* What has been typed since the lines were read stays as it is. */
  const fill = () => {
    let first = null;
    for (const { dataset } of said.querySelectorAll("[data-field]")) {
      const field = form.elements[dataset.field];
      if (!field || field.value !== "") continue;
      const unit = form.elements[`${dataset.field}-unit`];
      if (unit) unit.value = dataset.unit;
      field.value = dataset.typed;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      first ??= field;
    }
    text.value = "";
    said.replaceChildren();
    panel.hidePopover();
    first?.focus();
  };

  panel.querySelector(".paste-read").addEventListener("click", read);
  text.addEventListener("input", () => said.replaceChildren());
  said.addEventListener("click", ({ target }) => { if (target.matches(".paste-fill")) fill(); });
})();
