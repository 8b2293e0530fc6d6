// Runs before anything else of the page is loaded. A code that came with the link
// leaves the address at once, so that no history, no bookmark and no shared link
// keeps it; page.mjs hands it on once. A language chosen earlier is set before
// the first line shows.
(() => {
  const link = location.href;
  if (location.hash.length > 1) {
    history.replaceState(null, "", location.pathname + location.search);
    let code = link;
    Object.defineProperty(window, "takeLink", { value: () => { const once = code; code = ""; return once; } });
  }
  try {
    const lang = localStorage.getItem("lang");
    if (lang) document.documentElement.dataset.wish = lang;
  } catch { /* private mode: the page's own language */ }
})();
