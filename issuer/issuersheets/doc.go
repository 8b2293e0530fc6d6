// Package issuersheets takes whole classes over HTTP: a sheet is uploaded,
// judged row by row, issued in the background on all cores, and handed over as
// printed certificates, claim slips, links or letters.
//
// A sheet is a job. It promises, against a crash in the middle, an officer who
// sends the same file twice, a body that never ends and a reader who is slow:
//
//   - a job that was accepted is finished or says why not, across restarts; what
//     was issued before a crash is not issued again;
//   - nothing is issued for a sheet with faults unless the sender leaves the
//     faulty rows out;
//   - the sheet itself is on disk only while the job needs it, what is handed
//     over no longer than a week, and the store keeps of both no name at all;
//   - who may not see an issuer's work finds no job of it.
package issuersheets
