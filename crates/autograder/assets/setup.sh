#!/usr/bin/env bash
# Made by `cargo xtask autograder`. Gradescope runs this once, as root and with a network,
# when it builds the image. It may be run again.
set -euo pipefail
umask 022

autograder=/autograder
home=/opt/faultline
rust={{rust}}

say() { printf '== %s\n' "$*"; }

# An image that has a linker and the toolchain needs no network for these.
toolchain=$home/toolchain
has_toolchain() { [ -x "$toolchain/bin/cargo" ]; }
needs=()
command -v cc >/dev/null || needs+=(gcc libc6-dev)
has_toolchain || command -v curl >/dev/null || needs+=(curl ca-certificates)
if [ ${#needs[@]} -gt 0 ]; then
    say "installing ${needs[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y --no-install-recommends "${needs[@]}"
fi

# Outside of /root, where the users that student code is compiled as can reach it.
if ! has_toolchain; then
    say "installing Rust $rust"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
        RUSTUP_HOME=$home/rustup CARGO_HOME=$home/cargo sh -s -- \
            -y --no-modify-path --profile minimal --default-toolchain "$rust"
    ln -sfn "$(RUSTUP_HOME=$home/rustup "$home/cargo/bin/rustup" run "$rust" rustc --print sysroot)" \
        "$toolchain"
fi
case "$("$toolchain/bin/rustc" --version)" in
"rustc $rust "*) ;;
*)
    say "$toolchain is not Rust $rust, with which the points were agreed on" >&2
    exit 1
    ;;
esac

# The workspace has the hidden traces and their keys: root's alone, from here on.
workspace=$autograder/faultline
if [ -d "$autograder/source/faultline" ]; then
    rm -rf "$workspace"
    mv "$autograder/source/faultline" "$workspace"
fi
cat >"$workspace/environment" <<END
export PATH=$toolchain/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export CARGO=$toolchain/bin/cargo RUSTC=$toolchain/bin/rustc
export CARGO_HOME=$home/cargo CARGO_TARGET_DIR=$autograder/kit
END
chmod -R go= "$autograder/source" "$workspace"
# All files of an archive are as old as each other, and cargo goes by their age.
find "$workspace" -type f -exec touch {} +

# What grades is root's alone, as well; what students' files are compiled against (`kit`)
# is for the users that compile them.
say "building the grader"
. "$workspace/environment"
cd "$workspace"
program=$autograder/program
mkdir -p "$program"
chmod 0700 "$program"
CARGO_TARGET_DIR=$program cargo build --quiet --locked --package gradescope

say "looking at this machine"
"$program/debug/gradescope" check

# From here on everything is there.
echo "export CARGO_NET_OFFLINE=true" >>"$workspace/environment"
say "done"
