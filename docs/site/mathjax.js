// Set before MathJax starts. A formula that is wider than a phone scrolls: it must be
// reachable with the keyboard. MathJax's own menu would fetch what we don't ship.
window.MathJax = {
  // Sphinx writes formulas between \( and \); an option of a prediction is HTML, and its
  // formulas stand between dollars, as every other reader of notebooks wants them.
  tex: { inlineMath: [["\\(", "\\)"], ["$", "$"]] },
  // MyST tells MathJax to look at nothing but elements of the class `math`.
  options: { enableMenu: false, processHtmlClass: "math" },
  startup: {
    pageReady: () =>
      MathJax.startup.defaultPageReady().then(() => {
        for (const formula of document.querySelectorAll("mjx-container[display]")) {
          if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
        }
      }),
  },
};
