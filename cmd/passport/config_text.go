package main

import (
	"fmt"

	"github.com/employment-passport/passport/internal/sealed"
)

// firstConfig is what init writes: every field, commented.
const firstConfig = `# Configuration of this home. A field that is commented out has the value shown.
# Unknown fields are refused, so that a misspelt one is noticed.
# "passport config check" says what counts and where it comes from. A variable of
# the environment counts more than this file: PASSPORT_BASE_URL for baseURL,
# PASSPORT_LIMITS_WAIT for wait in limits. A flag counts more than both.

# Start of the link in printed QR codes: https, at most 31 characters.
# Where a phone's camera opens it, the verify page should answer. Without one it is
# /verify of baseURL, where that is short enough.
#verifyBase: https://verify.example.org

# Where "verify --online" and wallets fetch the newest trust bundle.
#bundleURL: https://trust.example.org/bundle

# How old a status may be to count as fresh (green), and to count at all.
#freshStatus: 24h
#maxStatusAge: 30d

# Type of the keys in published did documents. JsonWebKey is the standard's name;
# JsonWebKey2020 is what some older verifiers ask for.
#verificationMethod: JsonWebKey

# A day (YYYY-MM-DD) until which the clock is believed although the last act on
# record is more than 400 days older. Needed after a long pause only.
#acceptClock:

# ----- The service: "passport serve" -----

# Address and port that the service listens on. TLS is the work of a proxy before
# it. Port 0 lets the machine choose.
#listen: 127.0.0.1:8080

# The one address under which people and programs reach the service: https, and
# http on this machine only. Requests under other names are refused. The default
# is the address it listens on.
#baseURL: https://passport.example.org

# Where /metrics is served. By default on the main address, for requests that come
# from this machine without a proxy.
#metricsListen: 127.0.0.1:9090

# Proxies whose X-Forwarded-For is believed, as ranges of addresses. Without them
# the client is whoever opens the connection.
#trustedProxies: [127.0.0.1/32, "::1/128"]

# What the log says, and how: debug, info, warn or error; text or json.
#logLevel: info
#logFormat: text

# Bundle and anchor that credentials of others are judged by. Without them the
# service says of nobody that they are recognised.
#bundle: /srv/passport/bundle.json
#anchor: n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg

# Limits. A body that is larger, or slower than bodyTimeout, is refused. Rates count
# each client address by itself; 0 is no limit. reading, verifying and acting are
# how many requests of a kind are in work at once; another waits for wait, and is
# then asked to come again.
#limits:
#  bodyBytes: 1048576
#  sheetBytes: 33554432
#  bodyTimeout: 10s
#  connections: 8192
#  readsPerMinute: 6000
#  verificationsPerMinute: 600
#  actsPerMinute: 6000
#  signInsPerMinute: 240
#  reading: 256
#  verifying: 64
#  acting: 256
#  wait: 2s

# The issuer that POST /credentials/issue signs for when the API key says none.
# WARNING: openUnsafe lets everybody issue without a key. For test suites on a
# machine of their own only.
#vcApi:
#  issuer: formazione
#  openUnsafe: false

# The mail server that claim links are sent through. Without a host nothing is
# sent. tls is starttls, tls or, on this machine only, none. The password stands
# in a file that nobody else reads.
#smtp:
#  host: mail.example.org
#  port: 587
#  from: passport@example.org
#  username: passport
#  passwordFile: /run/credentials/smtp
#  tls: starttls

# OpenID providers whose people may sign in to the console, each for one issuer.
# There, the address to send back to is BASEURL/console/oidc/callback/HOST; HOST is
# that of issuer.
#oidc:
#  - name: formazione
#    issuer: https://login.example.org
#    clientID: passport
#    clientSecretFile: /run/credentials/oidc
#    body: formazione

# ----- Keys -----

# Cost of turning a passphrase into a key, as a power of two: 18 takes about a
# second. It counts for what is sealed from now on. WARNING: each step down lets a
# thief of the file try passphrases twice as fast. Lower it for tests only.
`

// configText is firstConfig with the work factor that init was told.
func configText(workFactor int) []byte {
	if workFactor == sealed.DefaultWorkFactor {
		return []byte(firstConfig + "#workFactor: 18\n")
	}
	return fmt.Appendf(nil, "%sworkFactor: %d\n", firstConfig, workFactor)
}
