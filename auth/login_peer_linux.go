package auth

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// isAnotherUser reports whether the client of a connection between two addresses of this machine
// runs as a user other than root and this program's, according to /proc/net/tcp. It reports false
// if the table has no such connection, as for a forwarded one.
func isAnotherUser(client, server string) bool {
	from, err := netip.ParseAddrPort(client)
	if err != nil {
		return false
	}
	to, err := netip.ParseAddrPort(server)
	if err != nil {
		return false
	}
	table := "/proc/net/tcp"
	if from.Addr().Is6() && !from.Addr().Is4In6() {
		table = "/proc/net/tcp6"
	}
	f, err := os.Open(table)
	if err != nil {
		return false
	}
	defer f.Close()
	local, remote := tableAddr(from), tableAddr(to)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid …
		fields := strings.Fields(lines.Text())
		if len(fields) < 8 || fields[1] != local || fields[2] != remote {
			continue
		}
		uid, err := strconv.Atoi(fields[7])
		return err == nil && uid != 0 && uid != os.Geteuid()
	}
	return false
}

// tableAddr formats an address as in /proc/net/tcp: hexadecimal words in the machine's byte order.
func tableAddr(at netip.AddrPort) string {
	var text strings.Builder
	for word := at.Addr().Unmap().AsSlice(); len(word) >= 4; word = word[4:] {
		fmt.Fprintf(&text, "%08X", binary.NativeEndian.Uint32(word))
	}
	return fmt.Sprintf("%s:%04X", text.String(), at.Port())
}
