// Package torture takes the service through what machines do to it: killed
// processes, power cuts, full disks, failing and slow ones, stopped and hurried
// processes. It builds the real program, drives it over HTTP as a client does,
// and counts an act as acknowledged once the whole of a 2xx answer has been
// read. Afterwards every such act must be there.
//
// Its tests are tests of a machine, not of a function, and take minutes:
// PASSPORT_TORTURE=short runs what a change is held to, PASSPORT_TORTURE=long
// everything; without it they are skipped. PASSPORT_TORTURE_SEED repeats a run's
// choices; when a kill hits is still the machine's to say. See docs/faults.md.
package torture
