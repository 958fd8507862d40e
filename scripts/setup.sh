#!/usr/bin/env bash
# Installs what building and testing mmm needs and this machine lacks. Says nothing when all is there.
# Debian and Ubuntu: by apt-get, as root or with sudo. Elsewhere: names what to install.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# --- what is missing, as Debian package names ---------------------------------------------------------
missing=()
need() { missing+=("$@"); }

has cc && has c++ || need build-essential
has clang || need clang
has cmake || need cmake
has nasm || need nasm
has ffprobe && has ffmpeg || need ffmpeg
libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] || compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null ||
        compgen -G '/usr/lib*/libclang*.so*' >/dev/null || compgen -G '/usr/lib/*-linux-gnu/libclang*.so*' >/dev/null ||
        [ "$(uname -s)" = Darwin ]
}
libclang || need libclang-dev
libraries=(libavcodec libavformat libavutil libswscale libswresample)
if ! has pkg-config; then
    need pkg-config "${libraries[@]/%/-dev}"
elif ! pkg-config --exists "${libraries[@]}"; then
    for library in "${libraries[@]}"; do
        pkg-config --exists "$library" || need "$library-dev"
    done
fi

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
        exit 1
    fi
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! has sudo; then
            say "please run as root: apt-get install ${missing[*]}"
            exit 1
        fi
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    apt() { ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }
    if ! { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        say "apt-get could not install ${missing[*]}"
        exit 1
    fi
fi

# --- Rust ---------------------------------------------------------------------------------------------
if ! has cargo; then
    say "cargo is not there. Get Rust from https://rustup.rs:"
    say "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
    exit 1
fi
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../Cargo.toml")
found=$(rustc --version | cut -d' ' -f2)
if [ "$(printf '%s\n' "$wanted" "${found%%-*}" | sort -V | head -n1)" != "$wanted" ]; then
    say "Rust $found is too old, $wanted is needed: rustup update stable"
    exit 1
fi
