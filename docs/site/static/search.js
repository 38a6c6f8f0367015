// The search page. sections.js holds the words of all sections: nothing is fetched, so
// that it works from disk, too.
(() => {
  const MOST = 60; // results that are shown
  const AROUND = 90; // characters of an excerpt before and behind the first word found

  // A word of the query as it begins other words: "gradients" finds "gradient", and the
  // two ways to spell "normalise" find each other.
  const pattern = (word) => {
    const stem = word.length > 4 ? word.replace(/(ies|es|s|ing|ed|e)$/, "") : word;
    const safe = stem.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return safe.replace(/i[sz](?=[aei]|$)/g, "i[sz]");
  };
  const finder = (words, flags) =>
    new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map(pattern).join("|")})`, `iu${flags}`);

  function score(section, words, whole) {
    let sum = 0;
    for (const word of words) {
      const find = finder([word], "g");
      const among = (text) => (text.match(find) ?? []).length;
      const here =
        30 * Math.min(among(section.terms.join("\n")), 1) +
        20 * Math.min(among(section.title), 1) +
        5 * Math.min(among(section.page), 1) +
        3 * Math.log2(1 + among(section.text));
      if (!here) return 0;
      sum += here;
    }
    const same = finder([whole], "");
    const isTerm = section.terms.some((term) => same.exec(term)?.index === 0);
    return sum + (isTerm ? 100 : 0) + (same.test(section.text) ? 10 : 0);
  }

  function excerpt(section, words) {
    const at = Math.max(section.text.search(finder(words, "")), 0);
    const first = at > AROUND ? section.text.lastIndexOf(" ", at - AROUND) + 1 : 0;
    const end = section.text.indexOf(" ", at + AROUND);
    const last = end < 0 ? section.text.length : end;
    const text = section.text.slice(first, last);
    const line = document.createElement("p");
    line.append(first ? "… " : "");
    let done = 0;
    for (const found of text.matchAll(finder(words, "g"))) {
      const mark = document.createElement("mark");
      mark.textContent = found[0];
      line.append(text.slice(done, found.index), mark);
      done = found.index + found[0].length;
    }
    line.append(text.slice(done), last < section.text.length ? " …" : "");
    return line;
  }

  function result(section, words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = section.address;
    const name = [section.page, section.title].filter((part) => part);
    link.textContent = name.join(" › ");
    item.append(link);
    const explained = section.terms.filter((term) => finder(words, "").test(term));
    if (explained.length) item.append(`, explains ${explained.join(", ")}`);
    item.append(excerpt(section, words));
    return item;
  }

  const query = (new URLSearchParams(location.search).get("q") ?? "").trim();
  const words = query.split(/\s+/).filter((word) => word);
  const field = document.querySelector("main form.bd-search input");
  field.value = query;
  if (!words.length) return;
  const found = window.courseSections
    .map((section) => [score(section, words, query), section])
    .filter(([points]) => points > 0)
    .sort(([a], [b]) => b - a);
  const count = found.length > MOST ? `${found.length}, the best ${MOST} here` : found.length;
  document.getElementById("search-count").textContent =
    found.length ? `Sections found: ${count}.` : `No section has “${query}”.`;
  const list = document.getElementById("search-results");
  list.append(...found.slice(0, MOST).map(([, section]) => result(section, words)));
})();
