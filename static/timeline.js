/* Puts Plotly's drawing in the place of the timeline's picture. Nothing is fetched or sent. */
"use strict";

(() => {
  const charts = [...document.querySelectorAll("figure[data-chart]")];

  /* Where the days scroll, a finger does that, and day 0 is seen first. */
  const openAtInfusion = (frame, picture) => {
    const infusion = picture.querySelector(".tl-infusion");
    if (!infusion) return;
    const names = frame.querySelector(".chart-names").getBoundingClientRect();
    frame.scrollLeft += infusion.getBoundingClientRect().left - names.right - 56;
  };

  const draw = async (chart) => {
    const picture = chart.querySelector("svg");
    const { width, height } = picture.getBoundingClientRect();
    if (!window.Plotly || !width || chart.dataset.drawn) return;
    chart.dataset.drawn = "drawing";
    const frame = chart.parentElement;
    const scrolls = frame.scrollWidth > frame.clientWidth;
    if (scrolls) openAtInfusion(frame, picture);
    const { data, layout, config } = look.figure(`${chart.dataset.chart}-data`);
    const plot = document.createElement("div");
    plot.className = "chart-plot";
    chart.append(plot);
    // The same size as the picture, so that nothing moves.
    const size = scrolls ? { width, height, dragmode: false } : { width, height };
    await Plotly.newPlot(plot, data, { ...layout, ...size }, { ...config, responsive: false });
    chart.dataset.drawn = "drawn";
  };

  const resize = () => {
    for (const chart of charts) {
      const plot = chart.querySelector(".chart-plot");
      if (!plot) continue;
      const { width, height } = chart.querySelector("svg").getBoundingClientRect();
      if (width) Plotly.relayout(plot, { width, height });
    }
  };

  const drawAgain = () => {
    for (const chart of charts) {
      chart.querySelector(".chart-plot")?.remove();
      delete chart.dataset.drawn;
      draw(chart);
    }
  };

  /* A place inside something folded is opened before it is shown. */
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };

  // Deferred scripts have all run by then: this one, then Plotly.
  document.addEventListener("DOMContentLoaded", () => {
    reveal();
    if (!window.Plotly) return;
    Plotly.setPlotConfig({ showSendToCloud: false, plotlyServerURL: "", displaylogo: false });
    charts.forEach(draw);
  });
  for (const chart of charts) {
    chart.closest("details")?.addEventListener("toggle", () => draw(chart));
  }
  look.onChange(drawAgain);
  window.addEventListener("hashchange", reveal);
  window.addEventListener("resize", resize);
})();
