"""Fetches other programs at pinned versions, and builds them and ours.

Each is optional: what cannot be had is said, and its rows are left out.
"""

import hashlib
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCES = tomllib.loads((HERE / "sources.toml").read_text())


class NotToBeHad(Exception):
    """A program is not there, and why."""


def run(*command, cwd=None, env=None):
    """Runs a command; what it says is shown only if it fails."""
    command = [str(word) for word in command]
    env = {**os.environ, **(env or {})}
    try:
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    except FileNotFoundError:
        raise NotToBeHad(f"{command[0]} is not installed") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotToBeHad(f"`{' '.join(command)}` failed: {' / '.join(said[-3:])}")


def from_pypi(name, folder):
    """The source of a package, checked against its hash and unpacked."""
    package = SOURCES[name]["pypi"]
    archive = folder / (package.replace("==", "-") + ".tar.gz")
    if not archive.exists():
        project = package.split("==")[0]
        run("python3", "-m", "pip", "download", "--no-deps", "--no-binary", project,
            "--dest", folder, package)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SOURCES[name]["sha256"]:
        raise NotToBeHad(f"{archive} has another hash than sources.toml")
    source = folder / package.replace("==", "-")
    if not source.exists():
        run("tar", "xzf", archive, "-C", folder)
    return source


def from_git(name, folder):
    """One commit of a repository; its name is its hash."""
    source = folder / name
    if not source.exists():
        try:
            run("git", "init", "--quiet", source)
            run("git", "fetch", "--depth", "1", SOURCES[name]["git"], SOURCES[name]["commit"],
                cwd=source)
            run("git", "checkout", "--quiet", SOURCES[name]["commit"], cwd=source)
        except NotToBeHad:
            shutil.rmtree(source, ignore_errors=True)
            raise
    return source


def libcachesim(folder):
    """Its program, and our driver of its library."""
    source = from_pypi("libcachesim", folder) / "src/libCacheSim"
    build = folder / "libcachesim-build"
    run("cmake", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DENABLE_TESTS=OFF",
        "-DCMAKE_C_FLAGS_RELEASE=-O3 -DNDEBUG", "-DCMAKE_CXX_FLAGS_RELEASE=-O3 -DNDEBUG")
    run("cmake", "--build", build, "--target", "cachesim", "--parallel")
    flags = {kind: subprocess.check_output(["pkg-config", f"--{kind}", "glib-2.0"], text=True)
             for kind in ("cflags", "libs")}
    run("cc", "-O3", "-o", build / "library", HERE / "library.c",
        "-I", source / "libCacheSim/include", "-I", build / "libCacheSim/include",
        *flags["cflags"].split(), build / "liblibCacheSim.a", *flags["libs"].split(),
        "-lzstd", "-lstdc++", "-lm", "-ldl", "-lpthread")
    return {"cachesim": build / "bin/cachesim", "library": build / "library"}


def ostep(folder):
    return {"ostep": from_git("ostep", folder) / "vm-beyondphys-policy/paging-policy.py"}


def course(folder):
    """Built by hand, because its Makefile does not optimise."""
    source = from_git("course", folder)
    run("cc", "-O2", "-w", "-o", "sim", *(path.name for path in source.glob("*.c")), cwd=source)
    return {"course": source / "sim"}


def caches(folder):
    target = folder / "caches"
    run("cargo", "build", "--release", "--locked", cwd=HERE / "caches",
        env={"CARGO_TARGET_DIR": str(target)})
    return {"caches": target / "release/caches"}


def ours(_):
    run("cargo", "build", "--profile", "replay", "-p", "solution", "-p", "works", cwd=ROOT)
    run("cargo", "build", "--profile", "replay", "-p", "bench", "--bin", "clock", cwd=ROOT)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "replay"
    return {"ours": target / "solution", "clock": target / "clock", "works": target / "works"}


def everything(folder):
    """All programs by name, and why some of them are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    programs, missing = ours(folder), []
    for build in (libcachesim, ostep, course, caches):
        try:
            programs |= build(folder)
        except (NotToBeHad, subprocess.CalledProcessError) as error:
            missing.append(f"{build.__name__}: {error}")
    return programs, missing
