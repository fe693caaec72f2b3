/* Opens a fact beside the page of a case. The address keeps which, so that it can be shown. */
"use strict";

(() => {
  const panel = document.querySelector(".fact-panel");
  if (!panel) return;
  const content = panel.querySelector(".fact-content");
  const mark = "#fact=";
  let from = null;

  const keyOf = (link) => new URL(link.href).pathname.split("/").filter(Boolean).pop();
  const linkTo = (key) =>
    [...document.querySelectorAll("a[data-fact]")].find((link) => keyOf(link) === key);

  const close = () => {
    panel.hidden = true;
    document.body.classList.remove("with-fact");
    content.replaceChildren();
    from?.focus();
    from = null;
  };

  const show = async (key) => {
    const link = linkTo(key);
    if (!link) return;
    const [answer] = await Promise.all([fetch(link.href, { credentials: "same-origin" }), look.styled()]);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fact = page.getElementById("fact");
    // Signed out meanwhile, or not allowed: the page itself says so.
    if (!answer.ok || !fact) return location.assign(link.href);
    for (const row of document.querySelectorAll("tr.open-fact")) row.classList.remove("open-fact");
    link.closest("tr")?.classList.add("open-fact");
    content.replaceChildren(document.importNode(fact, true));
    panel.hidden = false;
    document.body.classList.add("with-fact");
    panel.scrollTop = 0;
    content.querySelector("h1").focus({ preventScroll: true });
  };

  const follow = () => {
    if (location.hash.startsWith(mark)) show(location.hash.slice(mark.length));
    else if (!panel.hidden) close();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fact]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    from = link;
    if (location.hash === mark + keyOf(link)) follow();
    else location.hash = mark + keyOf(link);
  });
  const leave = () => {
    history.replaceState(null, "", location.pathname + location.search);
    close();
  };
  panel.querySelector(".fact-close").addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden && !document.querySelector("dialog[open]")) leave();
  });
  window.addEventListener("hashchange", follow);
  follow();
})();
