// Signs in with a passkey: asks the console for a challenge, the browser for an
// answer, and gives it back. What it does stands in the page's data attributes.
(() => {
  "use strict";
  const button = document.querySelector("button[data-do]");
  if (!button) return;
  const trouble = document.getElementById("trouble");
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const post = async (what, body) => {
    const answer = await fetch(button.dataset.do + "/" + what, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.status === 204 ? null : answer.json();
  };

  const create = async () => {
    const { publicKey } = await post("begin", {});
    publicKey.challenge = bytes(publicKey.challenge);
    publicKey.user.id = bytes(publicKey.user.id);
    const made = await navigator.credentials.create({ publicKey });
    return {
      id: made.id, rawId: text(made.rawId), type: made.type,
      authenticatorAttachment: made.authenticatorAttachment || undefined,
      clientExtensionResults: {},
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) },
    };
  };

  const use = async () => {
    const { publicKey } = await post("begin", {});
    publicKey.challenge = bytes(publicKey.challenge);
    const used = await navigator.credentials.get({ publicKey });
    const r = used.response;
    return {
      id: used.id, rawId: text(used.rawId), type: used.type,
      authenticatorAttachment: used.authenticatorAttachment || undefined,
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData),
        signature: text(r.signature), userHandle: r.userHandle ? text(r.userHandle) : undefined,
      },
    };
  };

  const say = (words) => { trouble.textContent = words; trouble.hidden = false; };
  if (!window.PublicKeyCredential) {
    say(button.dataset.without);
    button.disabled = true;
    return;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    trouble.hidden = true;
    try {
      await post("finish", await (button.dataset.kind === "create" ? create() : use()));
      location.assign("/console/home");
    } catch {
      say(button.dataset.trouble);
      button.disabled = false;
    }
  });
})();
