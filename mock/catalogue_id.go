package mock

// catalogue_id.go makes the ids of invented things: 22 letters and digits that stand for 128 bits, as Spotify's do, always the same for the same name.

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// derive returns an id for what the words name.
func derive(words ...string) string {
	sum := digest(words...)
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

// deriveHex returns n hexadecimal digits, at most 64, for what the words name.
func deriveHex(n int, words ...string) string {
	sum := digest(words...)
	return hex.EncodeToString(sum[:])[:n]
}

func digest(words ...string) [sha256.Size]byte {
	var room [128]byte
	text := room[:0]
	for i, w := range words {
		if i > 0 {
			text = append(text, 0)
		}
		text = append(text, w...)
	}
	return sha256.Sum256(text)
}

// roll returns a number in [0, n) that is always the same for the same words: FNV-1a, then mixed as MurmurHash3 ends.
func roll(n int, words ...string) int {
	h := uint64(0xcbf29ce484222325)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 0x100000001b3
		}
		h = (h ^ 0xff) * 0x100000001b3 // a byte that UTF-8 does not have, between the words
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return int((h ^ h>>33) % uint64(n))
}

// isID reports whether s could be an id.
func isID(s string) bool {
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
