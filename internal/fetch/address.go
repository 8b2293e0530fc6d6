package fetch

import "net/netip"

// special4 and special6 are the blocks of the IANA IPv4 and IPv6 Special-
// Purpose Address Registries, and of multicast, that no public web server has.
// A block that the registries call globally reachable for a purpose of its own
// (anycast relays, AS112) is here too: nobody publishes documents there.
var (
	special4 = prefixes(
		"0.0.0.0/8",       // this network, RFC 791
		"10.0.0.0/8",      // private, RFC 1918
		"100.64.0.0/10",   // shared, RFC 6598
		"127.0.0.0/8",     // loopback, RFC 1122
		"169.254.0.0/16",  // link local, and the metadata service of clouds, RFC 3927
		"172.16.0.0/12",   // private, RFC 1918
		"192.0.0.0/24",    // IETF protocol assignments, RFC 6890
		"192.0.2.0/24",    // documentation, RFC 5737
		"192.31.196.0/24", // AS112, RFC 7535
		"192.52.193.0/24", // AMT, RFC 7450
		"192.88.99.0/24",  // 6to4 relays, RFC 7526
		"192.168.0.0/16",  // private, RFC 1918
		"192.175.48.0/24", // AS112, RFC 7534
		"198.18.0.0/15",   // benchmarking, RFC 2544
		"198.51.100.0/24", // documentation, RFC 5737
		"203.0.113.0/24",  // documentation, RFC 5737
		"224.0.0.0/4",     // multicast, RFC 5771
		"240.0.0.0/4",     // reserved and broadcast, RFC 1112
	)
	// Global unicast is 2000::/3 so far (RFC 4291 and IANA's IPv6 address space
	// registry). What lies outside is refused without being listed: loopback,
	// ::/96, ::ffff:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48, 100::/64, 5f00::/16,
	// fc00::/7, fe80::/10, fec0::/10, ff00::/8.
	global6  = netip.MustParsePrefix("2000::/3")
	special6 = prefixes(
		"2001::/23",         // IETF protocol assignments: Teredo, ORCHID, benchmarking, RFC 2928
		"2001:db8::/32",     // documentation, RFC 3849
		"2002::/16",         // 6to4, an IPv4 address inside, RFC 3056
		"2620:4f:8000::/48", // AS112, RFC 7534
		"3fff::/20",         // documentation, RFC 9637
	)
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// public tells whether an address is one where a public web server can stand.
// An IPv4 address in IPv6 clothes is refused: no resolver has to give one (F03).
func public(a netip.Addr) bool {
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	special := special4
	if !a.Is4() {
		if !global6.Contains(a) {
			return false
		}
		special = special6
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

func (c *Client) admits(a netip.Addr) bool {
	return public(a) || c.cfg.AllowLoopbackUnsafe && a.Unmap().IsLoopback()
}
