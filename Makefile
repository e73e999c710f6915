# Two commands: `make demo` and `make test`. Both install what is missing first.
.PHONY: help up demo test build check fuzz bench clean
.DEFAULT_GOAL := help

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

up: ## the stack in containers, with monitoring; needs Docker, not Swift
	@scripts/up.sh

demo: ## build, run the whole stack on a simulated market for a minute, print the summary
	@scripts/with-toolchain.sh scripts/demo.sh

test: ## check the rules, build, run every test
	@scripts/with-toolchain.sh scripts/test.sh

build: ## build everything for release
	@scripts/with-toolchain.sh swift build -c release

check: ## format, soundness and length rules only
	@scripts/with-toolchain.sh scripts/check.sh

fuzz: ## a minute of random bytes for every decoder
	@scripts/with-toolchain.sh scripts/fuzz.sh

bench: ## measure the hot paths
	@scripts/with-toolchain.sh scripts/bench.sh

clean: ## erase what was built and the demo's data
	rm -rf .build .demo
