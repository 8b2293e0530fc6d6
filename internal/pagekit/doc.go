// Package pagekit is what the pages that work with no network share: the frame
// that serves one or writes it to a folder, its words in eleven languages, its
// service worker, and the modules and the style that both of them load.
//
// It promises, against a network that changes files and a document that is made
// to look like a page:
//
//   - no page has a script or a style within it, and its policy lets in none but
//     its own, wasm included;
//   - what a page needs is known by one number, the hash over all of it: a page
//     never runs with the pieces of two releases;
//   - the root of trust is one of those pieces. Only the bundle, which is signed
//     under that root, changes without a new number.
package pagekit
