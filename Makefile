# realname: enterprise real-name verification. `make` lists the targets.

GOARCH ?= arm64
DIST ?= dist
FUNCTIONS := $(notdir $(patsubst %/bootstrap/main.go,%,$(wildcard functions/*/bootstrap/main.go)))
ADDR ?= 127.0.0.1:8080
FUZZTIME ?= 10s
TRIOS ?= 100
KILLS ?= 100
HISTORIES ?= 20000
LIVES ?= 20000
MUTATED ?= $(addprefix shared/,idcode audit vault auth bank realname verification accounts eport)

# The version of a build: the tag, the commit and its date. The commit determines
# all three, so that two builds of it are identical. Outside Git, set them:
# make build VERSION=v1.0.0 COMMIT=782fe5ef10ab
VERSION := $(shell git describe --tags --match 'v*' --abbrev=12 --dirty 2>/dev/null || echo dev)
COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
COMMIT_DATE := $(shell git show -s --format=%cI HEAD 2>/dev/null)
SOURCE = VERSION=$(VERSION) COMMIT=$(COMMIT) COMMIT_DATE=$(COMMIT_DATE)
BUILD := realname/shared/telemetry/build
STAMP = -X $(BUILD).version=$(VERSION) -X $(BUILD).commit=$(COMMIT) -X $(BUILD).date=$(COMMIT_DATE)

# No file depends on the folder of the build or on a C compiler. The
# same flags everywhere let tests and builds share Go's build cache.
export GOFLAGS += -trimpath -buildvcs=false
export CGO_ENABLED := 0

TOOL := go tool -modfile=tools/go.mod # of make lint, in a module of their own

# The tools that a target needs. The default is Go and Node.
TOOLS-bench := go node chromium
TOOLS-build := go node
TOOLS-fuzz := go
TOOLS-generate := go
TOOLS-smoke := go
TOOLS-model := spin cc
TOOLS-mutation := go openssl
TOOLS-test := go node openssl
TOOLS-test-faults := go node openssl
TOOLS-test-browser := go node chromium
TOOLS-screenshots := go node chromium
TOOLS-test-stack := go node openssl python
TOOLS-race := go node openssl cc
TOOLS := $(sort $(foreach goal,$(MAKECMDGOALS),$(or $(TOOLS-$(goal)),go node)))

.DEFAULT_GOAL := help
.PHONY: help tools run test test-faults test-browser screenshots race modules build reproducible bench bench-short load invoke lint model mutation fuzz generate deploy diff destroy smoke test-stack clean $(FUNCTIONS:%=$(DIST)/%/bootstrap) $(DIST)/credentials/strength

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

tools:
	@scripts/tools $(TOOLS)

run: tools bin/realname ## Start the demonstration, kept in .realname (ADDR=127.0.0.1:8080; FRESH=1 begins again)
	@bin/realname serve --addr $(ADDR) --demo --state .realname $(if $(FRESH),--fresh)

# From a fresh clone, compiling takes most of the time. GOGC saves a quarter of it, and
# the dependencies compile while the pages are built. -vet=all runs go vet in the same
# pass. End-to-end tests wait for servers, hence -parallel 8.
test: export GOGC := 400
test: tools ## Run every test, including the end-to-end suite
	@$(MAKE) --no-print-directory -j2 web/dist/index.html infra/node_modules/.package-lock.json modules
	@$(MAKE) --no-print-directory bin/realname
	cd web && npm test
	REALNAME_BIN=$(CURDIR)/bin/realname go test -vet=all -parallel 8 ./...

modules:
	@go build $$(go list -deps -f '{{with .Module}}{{if not .Main}}{{$$.ImportPath}}{{end}}{{end}}' ./...)

test-faults: tools bin/realname ## Run 500 sessions with every kind of fault (TRIOS=100), 100 kills (KILLS), 20,000 random life histories of an enterprise and 20,000 of requests that die, and the end-to-end suite with restarts
	REALNAME_BIN=$(CURDIR)/bin/realname go test ./e2e -count 1 -timeout 30m -run 'TestWhatIsStoredAgreesAfterAnyTrouble$$' -parallel 16 -trios $(TRIOS)
	REALNAME_BIN=$(CURDIR)/bin/realname go test ./e2e -count 1 -timeout 60m -run 'TestWhatIsStoredAgreesAfterKills$$' -parallel 16 -kills $(KILLS)
	go test ./shared/accounts -count 1 -timeout 30m -run 'TestPassedMeansProvenOverALife$$' -histories $(HISTORIES)
	go test ./shared/verification -count 1 -timeout 30m -run 'TestRequestsThatDieLeaveNoWrongState$$' -lives $(LIVES)
	REALNAME_E2E_RESTARTS=1 REALNAME_BIN=$(CURDIR)/bin/realname go test ./e2e -count 1 -timeout 30m -parallel 4

test-browser: tools bin/realname ## Test every method and dialog in Chromium (CHROMIUM=/usr/bin/chromium)
	cd web && REALNAME_BIN=$(CURDIR)/bin/realname npm run test-browser

screenshots: tools bin/realname ## Retake the pictures of docs/screenshots
	cd web && REALNAME_BIN=$(CURDIR)/bin/realname SHOTS=$(CURDIR)/docs/screenshots npm run test-browser
	command -v pngquant >/dev/null && pngquant --force --ext .png --skip-if-larger 64 docs/screenshots/*.png docs/screenshots/en/*.png || true

race: tools bin/realname ## Run the domain, store, workflow and embedded tests under the race detector
	CGO_ENABLED=1 go test -race ./shared/... ./local/...

build: tools $(FUNCTIONS:%=$(DIST)/%/bootstrap) ## Build dist/<function>/bootstrap for every function (GOARCH=arm64)

$(FUNCTIONS:%=$(DIST)/%/bootstrap): $(DIST)/%/bootstrap: | tools
	GOOS=linux GOARCH=$(GOARCH) go build -tags lambda.norpc -ldflags "-s -w $(STAMP)" -o $@ ./functions/$*/bootstrap

$(DIST)/pages/bootstrap: web/dist/index.html

# The program that rates passwords lies beside the function (docs/decisions/0036).
$(DIST)/credentials/bootstrap: $(DIST)/credentials/strength

$(DIST)/credentials/strength: | tools
	GOOS=linux GOARCH=$(GOARCH) go build -ldflags "-s -w" -o $@ ./functions/credentials/strength

reproducible: tools bin/realname ## Check that builds in two folders are identical
	@scripts/reproducible $(SOURCE)

bench: tools bin/realname cmd/bench/pages/node_modules/.package-lock.json e2e/peers/node/dist/index.cjs ## Run the benchmarks and write docs/benchmarks.md
	REALNAME_BIN=$(CURDIR)/bin/realname go run ./cmd/bench $(BENCH)

load: tools bin/realname ## Drive a service with clerks of all methods (URL=; METHODS=; RATE=20 a second; FOR=30s)
	@REALNAME_BIN=$(CURDIR)/bin/realname go run ./cmd/bench load $(URL:%=--url %) $(METHODS:%=--method %) --rate $(or $(RATE),20) --for $(or $(FOR),30s)

bench-short: tools ## Run each benchmark once as a test
	@$(MAKE) --no-print-directory bench BENCH="--short --out bin/bench"

invoke: tools bin/realname ## Invoke one function with its sample event (F=login)
	@test -n "$(F)" || { echo "name a function, e.g. make invoke F=login: $(FUNCTIONS)"; exit 2; }
	@bin/realname invoke $(F) events/$(F).json

lint: tools web/node_modules/.package-lock.json ## Run the linters and check for unused code and known vulnerabilities
	go vet ./...
	$(TOOL) golangci-lint run
	scripts/deadcode
	$(TOOL) govulncheck ./... || echo "govulncheck failed: its database may be unreachable"
	cd web && npm run lint

model: tools ## Check the session's protocol and what reads passed with Spin (docs/model)
	@docs/model/check

mutation: tools ## Change the code of packages and see that their own tests fail (MUTATED=shared/idcode)
	@scripts/mutation $(MUTATED)

fuzz: tools ## Run every fuzz target for FUZZTIME
	@grep -rn '^func Fuzz' --include='*_test.go' . | sed -E 's,^(.*)/[^/]*:[0-9]+:func (Fuzz[A-Za-z]*).*,\1 \2,' | while read -r package target; do \
		echo "$$package $$target"; \
		go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s "$$package" || exit 1; \
	done

generate: tools ## Generate the Go models from api/openapi.yaml, and the pages' test vectors
	go generate ./api ./shared/idcode

# stages/$(STAGE).json holds a stage's settings (docs/settings.md). SET adds others.
STAGE ?= dev
CDK := infra/node_modules/.bin/cdk --app bin/infra -c stage=$(STAGE) -c architecture=$(if $(filter amd64,$(GOARCH)),x86_64,arm64) -c version=$(VERSION) -c commit=$(COMMIT) $(SET:%=-c %)

deploy: tools deployable ## Deploy a stage to AWS (STAGE=dev, SET="setting=value …")
	$(CDK) deploy --all --require-approval $(if $(CI),never,broadening)

diff: tools deployable ## Show the changes of a deployment
	$(CDK) diff --all

destroy: unprotected tools deployable ## Delete a stage
	$(CDK) destroy --all $(if $(CI),--force)

smoke: tools ## Check that a deployed stage answers and refuses strangers (URL=https://…, API=its own address)
	@test -n "$(URL)" || { echo "name the stage's address, e.g. make smoke URL=https://www.example.com"; exit 2; }
	@go run ./infra/smoke $(URL) $(API)

test-stack: tools infra/node_modules/.package-lock.json bin/infra bin/realname ## Deploy into an AWS emulator on loopback and run the suites there
	@$(MAKE) --no-print-directory build DIST=test-stack/dist GOARCH=$$(go env GOHOSTARCH)
	go run ./infra/emulator

.PHONY: unprotected deployable bin/infra
unprotected:
	@! grep -q '"protect": *true' stages/$(STAGE).json || { echo "$(STAGE) is protected: turn off its stacks' termination protection and delete them in CloudFormation's console"; exit 2; }

deployable: build bin/infra infra/node_modules/.package-lock.json

bin/infra: | tools
	@go build -o $@ ./infra/app

cmd/bench/pages/node_modules/.package-lock.json: cmd/bench/pages/package-lock.json | tools
	cd cmd/bench/pages && npm ci && touch node_modules/.package-lock.json

# The verification in Node that make bench compares with.
e2e/peers/node/dist/index.cjs: e2e/peers/node/package-lock.json $(wildcard e2e/peers/node/src/*.js) | tools
	cd e2e/peers/node && npm ci --no-audit --no-fund && npm run build

infra/node_modules/.package-lock.json: infra/package-lock.json | tools
	cd infra && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json

clean: ## Remove all built files
	rm -rf bin dist cdk.out test-stack cmd/bench/pages/node_modules e2e/peers/node/dist e2e/peers/node/node_modules infra/node_modules web/node_modules web/dist/assets web/dist/index.html

.PHONY: bin/realname
bin/realname: web/dist/index.html | tools
	@go build -ldflags "$(STAMP)" -o $@ ./cmd/realname

# bin/realname embeds the pages, so they are built first if their sources changed.
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/browser/*' -not -name '*.gen.ts' -not -name '*.go')

web/node_modules/.package-lock.json: web/package.json web/package-lock.json | tools
	cd web && npm ci && touch node_modules/.package-lock.json

web/dist/index.html: web/node_modules/.package-lock.json api/openapi.yaml $(WEB_SOURCES)
	cd web && npm run build
