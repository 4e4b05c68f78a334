#!/bin/sh
# A container laid out like Gradescope's, without a network: a root of its own with the
# system of this computer in it, its programs and nothing of its home. Called in new
# namespaces of mounts, processes and network.
#
#   container.sh ROOT TOOLCHAIN REGISTRY PROGRAM ARGUMENTS…
set -eu
root=$1 toolchain=$2 registry=$3
shift 3
cd /
for folder in usr etc proc dev opt/faultline/toolchain opt/faultline/cargo/registry; do
    mkdir -p "$root/$folder"
done
mkdir -p "$root/root" "$root/tmp"
for folder in bin sbin lib lib64; do
    [ -e "/$folder" ] || continue
    if [ -L "/$folder" ]; then
        ln -sfn "$(readlink "/$folder")" "$root/$folder"
    else
        mkdir -p "$root/$folder"
        mount --rbind "/$folder" "$root/$folder"
    fi
done
for folder in usr etc; do
    mount --rbind "/$folder" "$root/$folder"
    mount -o remount,bind,ro "$root/$folder"
done
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$toolchain" "$root/opt/faultline/toolchain"
mount --bind "$registry" "$root/opt/faultline/cargo/registry"
exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    "$@"
