# Every verb of the house, one line each. "make demo" and "make test" are all a
# newcomer needs; .ci/run calls the others.
export CGO_ENABLED ?= 0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOBUILD = go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.release=$(VERSION)"
LINT = go tool -modfile=.ci/tools/go.mod golangci-lint
PLATFORMS = linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64

NPM = npm ci --ignore-scripts --no-audit --no-fund --silent --prefix

.PHONY: build pages demo test check bench bench-serve fuzz wasm release interop e2e scan screens paper rows torture torture-long
build: pages ; $(GOBUILD) -o bin/passport ./cmd/passport
pages: ; @go run ./.ci/pages
demo: build ; ./bin/passport demo --dir demo
test: pages ; go test -timeout 20m ./...
check: wasm pages ; gofmt -l cmd internal issuer passporttest schema verifier wallet | (! grep .) && go vet ./... ./.ci/bench-serve ./.ci/notices ./.ci/pages && go mod verify && $(LINT) run && go test -count=1 ./internal/floors && PASSPORT_PAGES=1 go test -count=1 -run '^Test(Parity|Budget)$$' ./cmd/browser/engine
bench: pages ; go test -run '^$$' -bench . -benchtime 1s ./... 2>&1 | awk -f .ci/goals.awk
bench-serve: build ; go run ./.ci/bench-serve $(if $(ROWS),-rows $(ROWS))
fuzz: ; .ci/fuzz $(or $(FUZZTIME),30s)
wasm: ; GOOS=js GOARCH=wasm go vet ./cmd/browser && GOOS=js GOARCH=wasm go build -o /dev/null ./verifier ./wallet ./internal/qr ./internal/trust ./internal/i18n
release: pages ; @for p in $(PLATFORMS); do echo $$p; GOOS=$${p%/*} GOARCH=$${p#*/} $(GOBUILD) -o dist/passport-$${p%/*}-$${p#*/}$$([ $${p%/*} = windows ] && echo .exe) ./cmd/passport || exit 1; done; GOFLAGS= go run ./.ci/notices dist/NOTICES.txt dist/passport-* && cd dist && sha256sum passport-* NOTICES.txt > SHA256SUMS && cat SHA256SUMS
interop: build ; npm ci --prefix passporttest/interop --ignore-scripts --no-audit --no-fund --silent && node --test passporttest/interop/
e2e: build ; $(NPM) passporttest/e2e && node --test --test-concurrency=2 $(filter-out %/time.test.mjs,$(wildcard passporttest/e2e/*.test.mjs)) && node --test --test-reporter=spec passporttest/e2e/time.test.mjs
scan: pages ; go run ./.ci/scan
screens: build ; $(NPM) passporttest/e2e && node passporttest/e2e/screens.mjs docs/screens
rows: ; @go test -count=1 -json -run '^TestRow' $$(grep -rl --include='*_test.go' '^func TestRow' . | xargs -n1 dirname | sort -u) 2>&1 | awk -f .ci/rows.awk
paper: ; go test -count=1 -run "^TestContactSheet$$" ./internal/paper -contact $(CURDIR)/docs/paper.png
torture: ; PASSPORT_TORTURE=short go test -count=1 -timeout 20m -v ./passporttest/torture
torture-long: ; PASSPORT_TORTURE=long go test -count=1 -timeout 4h -v ./passporttest/torture && PASSPORT_ACTS=640000 go test -count=1 -timeout 4h -v -run '^TestFaultR16' ./issuer
