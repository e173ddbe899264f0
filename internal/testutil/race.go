//go:build race

package testutil

// Race says that the race detector is on, which makes everything ten times slower: what measures real time says little then.
const Race = true
