/* Draws the forest plots of a page from the data that stand in it. Nothing is fetched or sent. */
"use strict";

(() => {
  const PAPER_WIDTH = 640;
  const narrow = window.matchMedia("(max-width: 46rem)");
  const figures = [...document.querySelectorAll("figure[data-forest]")];

  // Room is made at once, so that nothing moves when Plotly arrives.
  for (const figure of figures) figure.hidden = false;

  const draw = () => {
    if (!window.Plotly) {
      for (const figure of figures) figure.hidden = true;
      return;
    }
    Plotly.setPlotConfig({ showSendToCloud: false, plotlyServerURL: "", displaylogo: false });
    for (const figure of figures) {
      const { data, layout, config, narrow: changes } = look.figure(`${figure.dataset.forest}-data`);
      if (narrow.matches) {
        layout.annotations = changes.annotations;
        Object.assign(layout.xaxis, changes.xaxis);
        Object.assign(layout.yaxis, changes.yaxis);
      }
      Plotly.newPlot(figure.dataset.forest, data, layout, config);
    }
  };

  const resize = (width) => {
    for (const figure of figures) {
      const plot = document.getElementById(figure.dataset.forest);
      if (plot.layout) Plotly.relayout(plot, { width, autosize: width === null });
    }
  };

  // Deferred scripts have all run by then: this one, then Plotly.
  document.addEventListener("DOMContentLoaded", draw);
  narrow.addEventListener("change", draw);
  look.onChange(draw);
  window.addEventListener("beforeprint", () => resize(PAPER_WIDTH));
  window.addEventListener("afterprint", () => resize(null));
})();
