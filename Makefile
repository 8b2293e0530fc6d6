# Every verb of the house, one line each. "make demo" and "make test" are all a
# newcomer needs; .ci/run calls the others.
export CGO_ENABLED ?= 0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOBUILD = go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=$(VERSION)"
LINT = go tool -modfile=.ci/tools/go.mod golangci-lint
PLATFORMS = linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64

.PHONY: build demo test check bench fuzz wasm release interop paper rows
build: ; $(GOBUILD) -o bin/passport ./cmd/passport
demo: build ; ./bin/passport demo --dir demo
test: ; go test ./...
check: wasm ; gofmt -l cmd internal issuer passporttest schema verifier wallet | (! grep .) && go vet ./... && go mod verify && $(LINT) run && go test -count=1 ./internal/floors
bench: ; go test -run '^$$' -bench . -benchtime 1s ./... 2>&1 | awk -f .ci/goals.awk
fuzz: ; .ci/fuzz $(or $(FUZZTIME),30s)
wasm: ; GOOS=js GOARCH=wasm go build -o /dev/null ./verifier ./wallet ./internal/qr ./internal/trust ./internal/i18n
release: ; @for p in $(PLATFORMS); do echo $$p; GOOS=$${p%/*} GOARCH=$${p#*/} $(GOBUILD) -o dist/passport-$${p%/*}-$${p#*/}$$([ $${p%/*} = windows ] && echo .exe) ./cmd/passport || exit 1; done; cd dist && sha256sum passport-* > SHA256SUMS && cat SHA256SUMS
interop: build ; npm ci --prefix passporttest/interop --ignore-scripts --no-audit --no-fund --silent && node --test passporttest/interop/
rows: ; @go test -count=1 -json -run '^TestRow' $$(grep -rl --include='*_test.go' '^func TestRow' . | xargs -n1 dirname | sort -u) 2>&1 | awk -f .ci/rows.awk
paper: ; go test -count=1 -run "^TestContactSheet$$" ./internal/paper -contact $(CURDIR)/docs/paper.png
