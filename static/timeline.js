/* The drawing of a course answers to keys, mouse and finger; it is enlarged and saved on demand.
   Nothing is sent, and nothing is kept in the browser. */
"use strict";

(() => {
  const section = document.querySelector(".timeline[data-figure]");
  if (!section) return;

  /* A tip for the mark under the mouse or with the focus; a click keeps it to be read and copied. */
  const tip = section.querySelector(".tl-tip");
  let pinned = null;

  const place = (item) => {
    const box = item.getBoundingClientRect();
    const within = tip.offsetParent.getBoundingClientRect();
    const left = Math.min(box.left - within.left, within.width - tip.offsetWidth - 8);
    const under = box.bottom + tip.offsetHeight + 12 < window.innerHeight;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${under ? box.bottom - within.top + 8 : box.top - within.top - tip.offsetHeight - 8}px`;
  };

  const show = (item) => {
    tip.textContent = item.getAttribute("aria-label");
    tip.hidden = false;
    place(item);
  };

  const hide = () => {
    pinned?.setAttribute("aria-expanded", "false");
    pinned = null;
    tip.hidden = true;
    tip.classList.remove("pinned");
  };

  const pin = (item) => {
    const again = pinned === item;
    hide();
    if (again) return;
    show(item);
    pinned = item;
    item.setAttribute("aria-expanded", "true");
    tip.classList.add("pinned");
  };

  /* One mark of each drawing is a stop of the tab key; arrows lead from there to the others. */
  const middle = (item) => {
    const { left, width, top, height } = item.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };

  const beside = (items, item, key) => {
    const at = items.indexOf(item);
    if (key === "ArrowRight") return items[at + 1];
    if (key === "ArrowLeft") return items[at - 1];
    if (key === "Home") return items[0];
    if (key === "End") return items.at(-1);
    const side = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!side) return undefined;
    const from = middle(item);
    const far = (other) => {
      const to = middle(other);
      const down = (to.y - from.y) * side;
      return down > 6 ? down + Math.abs(to.x - from.x) * 2 : Infinity;
    };
    const nearest = items.reduce((best, other) => (far(other) < far(best) ? other : best), item);
    return nearest === item ? undefined : nearest;
  };

  const lead = (drawing) => {
    const items = [...drawing.querySelectorAll(".tl-item")];
    if (!items.length) return;
    for (const item of items) {
      item.setAttribute("role", "button");
      item.setAttribute("tabindex", "-1");
      item.setAttribute("aria-expanded", "false");
    }
    items[0].setAttribute("tabindex", "0");

    drawing.addEventListener("keydown", (event) => {
      const item = event.target.closest(".tl-item");
      if (!item) return;
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        pin(item);
        return;
      }
      const next = beside(items, item, event.key);
      if (!next) return;
      event.preventDefault();
      item.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    drawing.addEventListener("focusin", (event) => {
      const item = event.target.closest(".tl-item");
      if (item && item !== pinned) { hide(); show(item); }
    });
    drawing.addEventListener("focusout", () => { if (!pinned) hide(); });
    drawing.addEventListener("mouseover", (event) => {
      const item = event.target.closest(".tl-item");
      if (item && !pinned) show(item);
    });
    drawing.addEventListener("mouseout", () => {
      const held = document.activeElement?.closest(".tl-item");
      if (pinned) return;
      if (held && drawing.contains(held)) show(held);
      else hide();
    });
    drawing.addEventListener("click", (event) => {
      const item = event.target.closest(".tl-item");
      if (item) pin(item);
    });
  };

  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", (event) => {
    if (pinned && !event.target.closest(".tl-item, .tl-tip")) hide();
  });

  /* Where the days scroll, day 0 is seen first. */
  const begin = (frame) => {
    frame.querySelectorAll(".tl-days").forEach(lead);
    const infusion = frame.querySelector(".tl-infusion");
    const names = frame.querySelector(".tl-names");
    if (infusion && frame.scrollWidth > frame.clientWidth) {
      frame.scrollLeft += infusion.getBoundingClientRect().left - names.getBoundingClientRect().right - 56;
    }
  };
  section.querySelectorAll(".chart-frame").forEach(begin);

  /* Another drawing is fetched when it is unfolded; if it cannot be, the link to it stays. */
  for (const fold of section.querySelectorAll("details[data-chart]")) {
    fold.addEventListener("toggle", async () => {
      const told = fold.querySelector(".told");
      if (!fold.open || !told) return;
      const answer = await fetch(told.querySelector("a").href).catch(() => null);
      const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
      const frame = page.querySelector(".chart-frame");
      if (!frame || !told.isConnected) return;
      told.replaceWith(document.importNode(frame, true));
      begin(fold.querySelector(".chart-frame"));
    });
  }

  const tool = (name) => section.querySelector(`[data-tool=${name}]`);
  for (const each of section.querySelectorAll("[data-tool]")) each.hidden = false;

  /* Days, or the dates on which they fell. */
  tool("dates").addEventListener("click", ({ currentTarget }) => {
    const dates = section.classList.toggle("with-dates");
    currentTarget.setAttribute("aria-pressed", String(dates));
    const file = new URL(tool("svg").href);
    if (dates) file.searchParams.set("dates", "1");
    else file.searchParams.delete("dates");
    tool("svg").href = file.href;
  });

  /* Plotly is fetched when somebody asks for more than the drawing shows. */
  const dialog = section.querySelector(".enlarged");
  const once = (tag, attributes) => new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
  let loaded = null;

  const load = async () => {
    await once("link", {
      rel: "stylesheet", id: "plotly.js-style-global", className: "no-inline-styles",
      href: section.dataset.plotlyCss,
    });
    await once("script", { src: section.dataset.plotly });
    Plotly.setPlotConfig({ showSendToCloud: false, plotlyServerURL: "", displaylogo: false });
  };

  const enlarge = async () => {
    const told = dialog.querySelector(".told");
    const plot = dialog.querySelector(".plot");
    dialog.showModal();
    if (plot.dataset.drawn) return;
    try {
      loaded ??= load();
      const [answer] = await Promise.all([fetch(section.dataset.figure), loaded]);
      if (!answer.ok) throw new Error(answer.statusText);
      const { data, layout, config } = look.coloured(await answer.text());
      await Plotly.newPlot(plot, data, { ...layout, width: plot.clientWidth }, config);
      plot.dataset.drawn = "drawn";
      told.hidden = true;
    } catch {
      loaded = null;
      told.textContent = told.dataset.failed;
    }
  };

  tool("enlarge").addEventListener("click", enlarge);
  look.onChange(() => { delete dialog.querySelector(".plot").dataset.drawn; });
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => tool("enlarge").focus());

  /* The file is the server's; a picture is made of it here. */
  const save = (blob, download) => {
    const href = URL.createObjectURL(blob);
    const link = Object.assign(document.createElement("a"), { href, download });
    link.click();
    URL.revokeObjectURL(href);
  };

  tool("png").addEventListener("click", async () => {
    const answer = await fetch(tool("svg").href);
    if (!answer.ok) return;
    const [, name] = answer.headers.get("Content-Disposition").match(/filename="(.*)\.svg"/);
    const picture = new Image();
    picture.src = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth * 2;
    canvas.height = picture.naturalHeight * 2;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(picture.src);
    canvas.toBlob((blob) => save(blob, `${name}.png`), "image/png");
  });
})();

/* A place inside something folded is opened before it is shown. */
(() => {
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  document.addEventListener("DOMContentLoaded", reveal);
  window.addEventListener("hashchange", reveal);

  /* The cards are fetched when one is opened; if they cannot be, the link to them stays. */
  const cards = document.querySelector(".cards");
  let asked = false;

  const fetched = async ({ target }) => {
    const link = target.open && target.querySelector(".card-body > .told > a");
    if (!link || asked) return;
    asked = true;
    const [answer] = await Promise.all([fetch(link.href).catch(() => null), look.styled()]);
    const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
    for (const body of cards.querySelectorAll(".card-body")) {
      const card = page.getElementById(body.id);
      if (card) body.replaceWith(document.importNode(card, true));
    }
    asked = false;
    if (location.hash && location.hash === link.hash) reveal();
  };
  cards?.addEventListener("toggle", fetched, true);
})();
