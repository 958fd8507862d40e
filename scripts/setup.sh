#!/usr/bin/env bash
# Installs what building mmm needs and this machine lacks; with `tests`, also the programs that the tests
# run. Fails when something can't be installed. Says nothing when all is there.
# Debian and Ubuntu: by apt-get, as root or with sudo. Elsewhere: names what to install.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }
has() { type -P "$1" >/dev/null; }

# --- Rust ---------------------------------------------------------------------------------------------
if ! has cargo; then
    say "cargo is not there. Get Rust from https://rustup.rs:"
    say "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
    say "or, if it was installed just now:  . ~/.cargo/env"
    exit 1
fi
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../Cargo.toml")
found=$(rustc --version | cut -d' ' -f2)
if [ "$(printf '%s\n' "$wanted" "${found%%-*}" | sort -V | head -n1)" != "$wanted" ]; then
    say "Rust $found is too old, $wanted is needed: rustup update stable"
    exit 1
fi

# --- what is missing, as Debian package names ---------------------------------------------------------
missing=()
need() { missing+=("$@"); }

if ! has cc || ! has c++; then need build-essential; fi
has clang || need clang
has cmake || need cmake
has nasm || need nasm
if ! has ffprobe || ! has ffmpeg; then need ffmpeg; fi
# For `make bench`, which measures memory too.
[ -x /usr/bin/time ] || [ "$(uname -s)" = Darwin ] || need time
# For the test that an older processor makes the same movie.
if [ "${1:-}" = tests ] && [ "$(uname -sm)" = "Linux x86_64" ]; then has qemu-x86_64 || need qemu-user; fi
libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] || compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null ||
        compgen -G '/usr/lib*/libclang*.so*' >/dev/null || compgen -G '/usr/lib/*-linux-gnu/libclang*.so*' >/dev/null ||
        [ "$(uname -s)" = Darwin ]
}
# Debian's clang brings its library along.
if has clang; then libclang || need libclang-dev; fi
libraries=(libavcodec libavfilter libavformat libavutil libswscale libswresample)
if ! has pkg-config; then
    need pkg-config "${libraries[@]/%/-dev}"
elif ! pkg-config --exists "${libraries[@]}"; then
    for library in "${libraries[@]}"; do
        pkg-config --exists "$library" || need "$library-dev"
    done
fi
if [ "${1:-}" = tests ]; then
    has git || need git
    has kill || need procps
    has script || need bsdutils
    # A full disk is a small one that is mounted where one process alone sees it: Linux only.
    if [ "$(uname -s)" = Linux ]; then
        has mount || need mount
        has unshare || need util-linux
    fi
fi
# Ubuntu has a script named `chromium-browser` that only says how to install the snap.
browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        if has "$name" && "$name" --version >/dev/null 2>&1 </dev/null; then return 0; fi
    done
    return 1
}

as_root=()
become_root() {
    if [ "$(id -u)" -ne 0 ]; then
        if ! has sudo; then
            say "please run as root: apt-get install $*"
            return 1
        fi
        as_root=(sudo)
    fi
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

# --- install ------------------------------------------------------------------------------------------
if [ ${#missing[@]} -gt 0 ]; then
    if ! has apt-get; then
        say "this machine lacks what Debian calls: ${missing[*]}"
        case "$(uname -s)" in
        Darwin) say "with Homebrew: brew install ffmpeg pkgconf cmake nasm llvm" ;;
        *)
            say "Fedora (with RPM Fusion): dnf install ffmpeg ffmpeg-devel clang clang-devel cmake nasm gcc-c++ pkgconf"
            say "Arch: pacman -S --needed ffmpeg clang cmake nasm base-devel pkgconf"
            ;;
        esac
        [ "${1:-}" = tests ] && say "and for the tests: git, Chromium, and the programs kill and script"
        exit 1
    fi
    become_root ${missing[@]+"${missing[@]}"}
    say "installing ${missing[*]}"
    # A source that is out of order is no reason to stop: what is needed may be elsewhere.
    if ! { { apt update || :; } && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        say "apt-get could not install ${missing[*]}"
        exit 1
    fi
fi
if ! pkg-config --exists 'libavutil >= 57.28'; then
    say "FFmpeg $(pkg-config --modversion libavutil 2>/dev/null) (libavutil) is too old: 5.1 or newer is needed (Debian 12, Ubuntu 24.04)"
    exit 1
fi

# --- a browser, for the tests of the pages --------------------------------------------------------------
if [ "${1:-}" = tests ] && ! browser; then
    if has apt-get && become_root chromium; then
        say "installing chromium"
        { { apt update || :; } && apt install -y --no-install-recommends chromium; } >"$log" 2>&1 </dev/null || cat "$log" >&2
    fi
    if ! browser; then
        say "the tests need Chromium, and it could not be installed here: install Chromium or Google Chrome"
        say "Ubuntu's package is a snap, which can't read the tests' folders: there, install Google Chrome"
        exit 1
    fi
fi
