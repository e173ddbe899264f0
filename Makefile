# The commands that people use. .ci/run has all checks; its first lines list its parts.
.PHONY: help test check lint generate bench example

help: ## lists these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

test: ## runs the tests
	go test ./...

lint: ## checks format, go vet and the linters
	.ci/run format vet lint

generate: ## writes the generated files again
	go generate ./...

example: ## runs the quickstart against a fake Spotify
	.ci/run example

bench: ## measures, and writes docs/performance.md
	cd bench && go run .

check: ## runs everything that must pass before a merge
	.ci/run
