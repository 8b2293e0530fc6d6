// Package pdf finds credentials in PDF files: the tokens attached to them, and
// the pictures on their pages. The attacker is whoever wrote the file: every
// size is bounded, and nothing in it is run or fetched.
package pdf
