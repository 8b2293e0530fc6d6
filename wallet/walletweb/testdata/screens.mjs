// screens.mjs for tests: remembers what is shown.
export const acts = {}, last = {};
export const act = (name, ...args) => acts[name](...args), put = (_, name, view) => { if (name === "trouble") last.trouble = view.message; }, whisper = () => {};
export const show = (name, view, still) => {
  document.documentElement.dataset.on = name;
  Object.assign(last, { name, view }, !still && { trouble: "" });
};
