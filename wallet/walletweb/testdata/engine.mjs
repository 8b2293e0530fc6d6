// engine.mjs for tests: answers what a wallet would, and notes what it was asked.
export class Refusal extends Error {
  constructor(why) { super(why.message || why.code || why); }
}
export const asked = [];
let counter = 0;
const saved = () => ({ was: counter, counter: ++counter, state: "state " + counter });
export const engine = {
  answers: {
    kind: ({ text }) => ({ kind: text.includes("#3") ? "backup" : "other" }),
    "wallet.words": () => ({ kind: "en", kinds: ["it", "en", "es", "digits"], words: ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"], text: "w1 w2 w3 w4 w5 w6 w7 w8" }),
    "wallet.create": () => ({ save: saved() }),
    "wallet.load": ({ pin }) => ({ holder: pin ? "pin" : "webcrypto", keyOK: true, count: 0 }),
    "wallet.state": () => ({ open: true, holder: "pin", keyOK: true }),
    "wallet.list": () => ({ cards: [], later: [] }),
    "wallet.take": () => ({ kept: [], refused: [], save: saved() }),
    "wallet.tell": () => ({ told: true }),
    "wallet.restore": ({ words }) => {
      if (!words) throw Object.assign(new Refusal("no words"), { code: "wb_words_wrong" });
      return { save: saved() };
    },
  },
  async call(name, input) {
    asked.push({ name, input: structuredClone(input) });
    return this.answers[name](input);
  },
};
export const startEngine = () => engine;
