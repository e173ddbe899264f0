//go:build race

package spotify_test

// racy says that the race detector is on, which makes everything ten times slower.
const racy = true
