// trust.mjs and scan.mjs for tests.
export const base64 = () => "", openTrust = async () => ({ async renew() { if (!globalThis.nothing?.newer) this.onChange?.("newer"); }, speak: () => new Promise((ok) => setTimeout(ok, 20)) });
export const readFile = async () => ({}), startCamera = async (...how) => globalThis.camera?.(...how) ?? { stop() {} };
