// Package ids makes and reads the identifiers of the fake: ids, URIs and the numbers derived from
// them. Everything derived from the same words is the same in every run.
package ids

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// New returns the id of the object that the words name: 22 letters and digits that hold 128 bits,
// as Spotify's ids do.
func New(words ...string) string {
	sum := Digest(words...)
	high, low := binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:])
	var id [22]byte
	for i := len(id) - 1; i >= 0; i-- {
		var digit uint64
		high, digit = high/62, high%62
		low, digit = bits.Div64(digit, low, 62)
		id[i] = base62[digit]
	}
	return string(id[:])
}

// Hex returns n hexadecimal digits, at most 64, derived from the words.
func Hex(n int, words ...string) string {
	sum := Digest(words...)
	return hex.EncodeToString(sum[:])[:n]
}

// Digest returns the SHA-256 sum of the words, separated by zero bytes.
func Digest(words ...string) [sha256.Size]byte {
	var buffer [128]byte
	text := buffer[:0]
	for i, w := range words {
		if i > 0 {
			text = append(text, 0)
		}
		text = append(text, w...)
	}
	return sha256.Sum256(text)
}

// Roll returns a number in [0, n) derived from the words: their FNV-1a hash, mixed by the finalizer
// of MurmurHash3.
func Roll(n int, words ...string) int {
	h := uint64(0xcbf29ce484222325)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 0x100000001b3
		}
		h = (h ^ 0xff) * 0x100000001b3 // 0xff, which UTF-8 never contains, separates the words
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return int((h ^ h>>33) % uint64(n))
}

// Valid reports whether s has the form of an id: 22 letters and digits.
func Valid(s string) bool {
	if len(s) != 22 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
