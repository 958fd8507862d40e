# What a person does with this repository. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help setup build demo test hunt bench bench-music bench-sight fmt lint doc ci clean install

# Extra flags for cargo, such as CARGO_FLAGS=--locked.
CARGO_FLAGS ?=
MMM = $(or $(CARGO_TARGET_DIR),target)/release/mmm

help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what this machine lacks (Debian, Ubuntu); says nothing when all is there
	@scripts/setup.sh

build: setup ## the program, optimised: target/release/mmm
	cargo build --release $(CARGO_FLAGS)

demo: build ## make a real movie from the photos, clips and song of examples/first-movie
	$(MMM) build examples/first-movie/movie.yaml
	@echo "Next: $(MMM) init FOLDER   writes a movie.yaml for a folder of your own photos and clips."

test: ## run every test, the slow ones too
	@scripts/setup.sh tests
	@if cargo nextest --version >/dev/null 2>&1; then \
	    set -x; cargo nextest run --run-ignored all --no-fail-fast $(CARGO_FLAGS); \
	else \
	    set -x; cargo test --lib --bins --tests --no-fail-fast $(CARGO_FLAGS) -- --include-ignored; \
	fi

hunt: setup ## draw new cases for the property tests, round after round, until one fails
	@round=0; while round=$$((round + 1)) && seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') \
	    && echo "round $$round, seed $$seed" \
	    && PROPTEST_RNG_SEED=$$seed cargo test --quiet --lib $(CARGO_FLAGS) -p mmm-plan -p mmm-spec -p mmm-render -p mmm-analysis; \
	    do :; done; exit 1

bench: setup ## measure speed and memory, and print how they compare with what is wanted
	cargo bench $(CARGO_FLAGS)

bench-music: build ## score the beats on annotated music: make bench-music MUSIC="FOLDER ..."
	python3 scripts/bench_music.py --mmm $(MMM) $(MUSIC)

bench-sight: build ## score photos and clips against annotated media: make bench-sight SIGHT="--cache FOLDER FIGURE ..."
	python3 scripts/bench_sight.py --mmm $(MMM) $(or $(SIGHT),--cache target/sight)

fmt: ## format the code
	cargo fmt

lint: setup ## clippy, with warnings as errors
	cargo clippy --all-targets $(CARGO_FLAGS) -- -D warnings

doc: setup ## the API documentation, with warnings as errors
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items $(CARGO_FLAGS)

ci: ## all that the continuous integration runs
	@.ci/run

clean: ## remove what was built, and the examples' movies
	cargo clean
	rm -f examples/*/*.mp4

install: setup ## install mmm for this user
	cargo install --path . --locked
