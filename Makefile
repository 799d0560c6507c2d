# sockscope: what a developer types. `make` alone prints this list.
.DEFAULT_GOAL := help
STATICCHECK := go tool -modfile=tools.mod staticcheck
GOFUMPT     := go tool -modfile=tools.mod gofumpt

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z/-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: dev
dev: ## serve, and rebuild when a page, a style or a script changes
	go tool templ generate --watch --proxy=http://127.0.0.1:7070 --cmd="go run ."

.PHONY: generate
generate: ## rebuild the templ code and the CSS and script bundles that are committed
	go generate ./templates ./web/assets

.PHONY: setup
setup: ## install what the full test suite needs beside Go (Debian, as root: chromium, nc, curl, ip)
	@.ci/setup

.PHONY: test
test: setup ## everything: vet, staticcheck, format, generated code, types, race, browser
	go vet ./...
	$(STATICCHECK) ./...
	@test -z "$$($(GOFUMPT) -l . | tee /dev/stderr)" || { echo "run: make format"; exit 1; }
	$(MAKE) verify
	go test -race -timeout 15m $$(go list ./... | grep -v -e /web/e2e -e /runner/bench$$)
	go test -timeout 15m ./web ./web/e2e/shapes ./runner/queue # with the tests of much data, which skip or have less under the race detector
	go test -race -run 'Skip|Refus|Cancel|Killed|Files|Order|Cells|Forecast|Metrics|Counters|Warnings|Noisy|Once' ./runner/bench
	go test -timeout 15m ./runner/bench # alone and as it is built for use: it measures
	SOCKSCOPE_BROWSER=require SOCKSCOPE_FULL=1 go test -timeout 15m ./web/e2e # alone: it measures

.PHONY: kills
kills: ## kill -9 the server 100 times at random moments (3 minutes)
	SOCKSCOPE_KILLS=100 go test -count=1 -v -run TestKill9 -timeout 15m ./web/e2e

.PHONY: honesty
honesty: ## 200 comparisons of unix with itself, 20 of tcp4 with unix: what is called a difference (20 minutes)
	SOCKSCOPE_HONESTY=200 go test -count=1 -v -run TestHonesty -timeout 60m ./runner/bench

.PHONY: disturbance
disturbance: ## whether kernel-deep sampling changes what it samples: 12 rounds of dial-echo and echo (5 minutes)
	SOCKSCOPE_DISTURBANCE=12 go test -count=1 -v -run TestDisturbance -timeout 30m ./runner/bench

.PHONY: moves
moves: ## how long a zoom, a search, a pivot and a change of mode take in a browser, on large profiles
	SOCKSCOPE_BROWSER=require SOCKSCOPE_VERSUS=1 go test -count=1 -v -run TestMoves -timeout 30m ./web/e2e

.PHONY: versus
ROUNDS ?= 5
versus: ## this product beside go tool pprof -http on two large profiles: time and bytes, as a table (3 minutes)
	SOCKSCOPE_BROWSER=require SOCKSCOPE_VERSUS=$(ROUNDS) go test -count=1 -v -run TestVersus -timeout 30m ./web/e2e

.PHONY: verify
verify: generate ## the committed generated code is what the sources give; scripts type-check
	@git diff --exit-code -- '*_templ.go' web/assets || { echo "generated code is out of date: run make generate and commit"; exit 1; }
	.ci/typecheck

.PHONY: format
format: ## gofumpt and templ fmt
	$(GOFUMPT) -w .
	go tool templ fmt templates

.PHONY: bench
bench: ## the benchmarks of the hot paths
	go test -run '^$$' -bench . -benchmem ./profiles/... ./web/...
	go test -run '^$$' -bench Overhead ./runner/bench

.PHONY: fuzz
FUZZTIME ?= 30s
fuzz: ## 30 s of each fuzz target; FUZZTIME=60s for longer, PACKAGES=./runner/... for some
	@for p in $$(go list $(or $(PACKAGES),./...)); do for f in $$(go test -list '^Fuzz' $$p | grep ^Fuzz); do \
		go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p || exit 1; done; done
