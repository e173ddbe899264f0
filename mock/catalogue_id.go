package mock

// catalogue_id.go makes the ids of invented things: 22 letters and digits that stand for 128 bits, as Spotify's do, always the same for the same name.

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// derive returns an id for what the words name.
func derive(words ...string) string {
	sum := digest(words...)
	n, digit, radix := new(big.Int).SetBytes(sum[:16]), new(big.Int), big.NewInt(int64(len(base62)))
	var id [22]byte
	for i := len(id) - 1; i >= 0; i-- {
		n.DivMod(n, radix, digit)
		id[i] = base62[digit.Int64()]
	}
	return string(id[:])
}

// deriveHex returns n hexadecimal digits, at most 64, for what the words name.
func deriveHex(n int, words ...string) string {
	sum := digest(words...)
	return hex.EncodeToString(sum[:])[:n]
}

// roll returns a number in [0, n) that is always the same for the same words.
func roll(n int, words ...string) int {
	sum := digest(words...)
	return int(uint32(sum[0])<<16|uint32(sum[1])<<8|uint32(sum[2])) % n
}

func digest(words ...string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(words, "\x00")))
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
