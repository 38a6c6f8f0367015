// What pages do beyond HTML: copy code, and print what is folded.
(() => {
  const COPY = "Copy", COPIED = "Copied", SECONDS = 2;

  // A cell's code is copied as a whole, its folded lines too.
  function addButton(block) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-code";
    button.textContent = COPY;
    button.addEventListener("click", async () => {
      const parts = [...block.querySelectorAll("pre")].map((pre) => pre.textContent);
      await navigator.clipboard.writeText(parts.map((text) => text.trimEnd()).join("\n"));
      button.textContent = COPIED;
      setTimeout(() => (button.textContent = COPY), 1000 * SECONDS);
    });
    block.prepend(button);
  }

  const folds = document.querySelectorAll("details.draws");
  function prepare() {
    for (const block of document.querySelectorAll(
      ".bd-article .cell_input, .bd-article div.highlight"
    )) {
      if (!block.parentElement.closest(".cell_input, .cell_output")) addButton(block);
    }
    for (const fold of folds) {
      // The theme gives keyboards a way into what scrolls once it has a width.
      fold.addEventListener("toggle", () => window.dispatchEvent(new Event("resize")));
    }
  }

  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const fold of folds) if (!fold.open) opened.push(fold);
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    while (opened.length) opened.pop().open = false;
  });
  prepare();
})();
