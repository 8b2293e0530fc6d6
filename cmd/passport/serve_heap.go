package main

// restingHeap is added to what the collector takes for in use, so that it waits
// until as much again, and no less, has been asked for: what the service lives on
// is a few megabytes, and every few hundred requests would set the collector off.
// Unlike a larger GOGC it adds the same whatever a big job holds.
const restingHeap = 12 << 20 // bytes

// restHeap takes that room. Nobody ever writes to it, so that it is address
// space and no memory. The caller keeps it alive.
func restHeap() []byte { return make([]byte, restingHeap) }
