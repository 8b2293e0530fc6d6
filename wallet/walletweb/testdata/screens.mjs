// screens.mjs for tests: remembers what is shown.
export const acts = {}, last = {};
export const act = (name, ...args) => acts[name](...args), put = (_, name, view) => { if (name === "trouble") Object.assign(last, { trouble: view.message, can: view }); }, whisper = () => {};
export const show = (name, view, still) => {
  document.documentElement.dataset.on = name;
  Object.assign(last, { name, view }, !still && { trouble: "" });
};
