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

// isAnotherUser reports whether the local end of a connection to this machine's server belongs to
// another user than this program's and root, by the system's table of connections. It reports false
// where the table does not have the connection, as where it is forwarded.
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

// tableAddr writes an address as the table has it: words in the machine's byte order, in
// hexadecimal.
func tableAddr(at netip.AddrPort) string {
	var text strings.Builder
	for word := at.Addr().Unmap().AsSlice(); len(word) >= 4; word = word[4:] {
		fmt.Fprintf(&text, "%08X", binary.NativeEndian.Uint32(word))
	}
	return fmt.Sprintf("%s:%04X", text.String(), at.Port())
}
