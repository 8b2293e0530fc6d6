// Package issuerweb is the console: the pages on which the people of a training
// body sign in and approve what others have prepared.
//
// It promises, against a page elsewhere that sends forms, a planted session, a
// copied link and a provider that lies:
//
//   - who signs in has proved a passkey, or an identity at a provider that the
//     operator configured, with a challenge of ours that is good once;
//   - where a browser is sent after that is never taken from the request (G13);
//   - every form is held to the console's own origin, every session begins with
//     an id that nobody had before;
//   - no page has a script or a style within it, and none of what it shows is
//     anything but text.
package issuerweb
