# Reads the output of "go test -bench", passes it on, and closes with the goals
# of the project beside what was measured. Fails when a goal is missed, was not
# measured, or a benchmark failed.
function goal(name, unit, most, what) { n++; names[n] = name; units[n] = unit; limit[n] = most; says[n] = what }
BEGIN {
	goal("VerifyCredential", "x-of-bare", 1.82, "full verification, times bare ES256 with its hash (55 % of the rate)")
	goal("IssueSheet", "x-of-bare", 3, "10 000 from a sheet, times bare signing and verifying")
	goal("VerifyCommand/token", "ms", 100, "passport verify of a file, start included, ms")
	goal("VerifyCommand/token", "MiB", 64, "the same, resident MiB")
	goal("Booklets", "s", 60, "500 booklets of 20 certificates, in one file, s")
	goal("Booklets", "MiB", 256, "the same, resident MiB")
	goal("A4", "ms", 300, "one A4 certificate, ms")
	goal("Wasm", "x-of-native", 40, "one full verification as WebAssembly, times native")
	goal("Read", "ms", 300, "QR decode of one 1 000-pixel picture, ms")
}
{ print }
/^(--- )?FAIL/ { failed = 1 }
/^Benchmark/ {
	name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
	for (i = 3; i < NF; i += 2) got[name, $(i + 1)] = $i
}
END {
	printf "\n%-72s %8s %8s\n", "goal", "at most", "measured"
	for (i = 1; i <= n; i++) {
		value = got[names[i], units[i]]
		met = value != "" && value + 0 <= limit[i]
		if (!met) failed = 1
		printf "%-72s %8s %8s  %s\n", says[i], limit[i], value == "" ? "-" : value, met ? "met" : "MISSED"
	}
	exit failed
}
