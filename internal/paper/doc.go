// Package paper lays documents out for people: A4 certificates, the A5
// booklet, the wallet card, letters and receipts, as PDF. It judges nothing:
// callers bring verified credentials and the words of a verdict. It reaches no
// network and keeps no clock, and the same input gives the same bytes.
//
// It promises that nothing overflows: every text is measured before it is
// drawn, wraps at words, breaks a word that is too long with a hyphen, shrinks
// to 12 points and no further, and what does still not fit is cut with "…",
// which the returned fit says. Names and titles come from strangers: they are
// drawn as text and can be nothing else.
//
// The frame, from the ground up:
//
//	faces.go   the faces, parsed once a process: which rune has a glyph where
//	spans.go   a line of text as spans of one face and direction, and its width
//	shape.go   Arabic and Hebrew, shaped, as outlines
//	wrap.go    style, wrapped lines, and what fits into a box
//	page.go    page: newPage, sheet (a new side), text, textAt, line, rect, image, end
//	code.go    page.code: a QR code as vector squares on a grid of 1/300 inch
//	a4.go      a4: an A4 document with a cursor that flows over pages; its header
//	           and foot (a4_frame.go), its labelled particulars (a4_fields.go)
//	words.go   bilingual words of the catalogue (area paper) and of the vocabularies
//	render.go  Render: a layout by its name, attachments, dates
//
// Lengths are millimetres from the upper left corner, sizes of type points.
package paper
