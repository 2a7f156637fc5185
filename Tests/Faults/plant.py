#!/usr/bin/env python3
"""Breaks the gradient rules one at a time, and checks that the tests notice each time.

Every fault in families/ becomes a switch in a copy of the package, `(plantedFault == 17 ? (wrong) : (right))`,
so that one build serves all of them: the environment says which fault is planted in a run.

    python3 Tests/Faults/plant.py                      # all faults, in some minutes
    python3 Tests/Faults/plant.py --only trigonometric
    python3 Tests/Faults/plant.py --list
"""

import argparse
import concurrent.futures
import importlib
import json
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import families
from table import Family, Site, StaleTable

PACKAGE = Path(__file__).resolve().parents[2]
VARIABLE = "ADJOINT_FAULT"
SWITCH = f"""\
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The number of the fault that is planted in this run, 0 for none.
let plantedFault = getenv("{VARIABLE}").flatMap {{ Int(String(cString: $0)) }} ?? 0
"""
SWITCH_FILE = "Sources/Autodiff/PlantedFault.swift"
TESTS = "AutodiffTests"
MANIFEST = """\
// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Faults",
  platforms: [.macOS(.v15)],
  targets: [{targets}],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
"""
# Tests run often enough here to be compiled for speed, with every check that debugging has.
OPTIMIZED = ("-Xcc", "-O2", "-Xswiftc", "-O")
# A rule that is wrong may walk in a circle.
LONGEST_RUN = 60
# What the testing library prints where an expectation is not met.
ISSUE = " recorded an issue "


@dataclass(frozen=True)
class Fault:
    number: int
    family: Family
    site: Site
    replacement: str

    def __str__(self):
        original, replacement = (" ".join(text.split()) for text in (self.site.original, self.replacement))
        return f"{self.number:3} {self.family.name}: {original}  ->  {replacement}"


def all_faults():
    modules = sorted(module.name for module in pkgutil.iter_modules(families.__path__))
    tables = [importlib.import_module(f"families.{name}").FAMILIES for name in modules]
    planted = [
        (family, site, replacement)
        for table in tables
        for family in table
        for site in family.sites
        for replacement in site.faults
    ]
    return [Fault(number, *fault) for number, fault in enumerate(planted, start=1)]


def switched(source, file, faults):
    """The source with every site that has faults turned into a choice among them."""
    replacements = {}
    for fault in faults:
        span = fault.site.span(source, file)
        choice = f"plantedFault == {fault.number} ? ({fault.replacement}) : "
        replacements[span] = replacements.get(span, "") + choice
    end_of_last = 0
    pieces = []
    for (start, end), choices in sorted(replacements.items()):
        if start < end_of_last:
            raise StaleTable(f"{file}: sites overlap:\n{source[start:end]}")
        pieces += [source[end_of_last:start], f"({choices}({source[start:end]}))"]
        end_of_last = end
    return "".join(pieces) + source[end_of_last:]


def write_if_changed(path, content):
    """Leaves the file's date alone where nothing changed, so that little is built again."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def manifest():
    """That of the tests and of what they are built from: the rest of the package would take as long again."""
    dumped = subprocess.run(
        ["swift", "package", "dump-package"], cwd=PACKAGE, check=True, capture_output=True, text=True
    ).stdout
    targets = {target["name"]: target for target in json.loads(dumped)["targets"]}

    def dependencies(name):
        return [dependency["byName"][0] for dependency in targets[name]["dependencies"]]

    def declaration(name):
        kind = "testTarget" if targets[name]["type"] == "test" else "target"
        needs, excluded = json.dumps(dependencies(name)), json.dumps(targets[name]["exclude"])
        return f'.{kind}(name: "{name}", dependencies: {needs}, path: "{targets[name]["path"]}", exclude: {excluded})'

    needed = [TESTS]
    for name in needed:
        needed += [dependency for dependency in dependencies(name) if dependency not in needed]
    return MANIFEST.format(targets=", ".join(map(declaration, needed)))


def copy_package(folder, faults):
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PACKAGE, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    by_file = {}
    for fault in faults:
        by_file.setdefault(fault.family.file, []).append(fault)
    contents = {file: (PACKAGE / file).read_bytes() for file in files if file}
    for file, planted in by_file.items():
        contents[file] = switched(contents[file].decode(), file, planted).encode()
    contents[SWITCH_FILE] = SWITCH.encode()
    contents["Package.swift"] = manifest().encode()
    for file, content in contents.items():
        write_if_changed(folder / file, content)
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in contents:
            path.unlink()


class Tests:
    """The tests of the copy, built once."""

    def __init__(self, folder):
        self.package = folder / "package"
        self.scratch = folder / "build"

    def build(self):
        built = subprocess.run(
            ["swift", "build", "--build-tests", "--scratch-path", self.scratch, *OPTIMIZED], cwd=self.package
        )
        if built.returncode != 0:
            sys.exit("the copy with the faults does not build")

    def runner(self):
        bundle = next((self.scratch / "debug").glob("*.xctest"))
        if bundle.is_file():
            # On Linux, a program of its own, which starts sooner than `swift test`.
            return [bundle, "--testing-library", "swift-testing"]
        return [
            *("swift", "test", "--skip-build", "--ignore-lock", "--disable-xctest"),
            *("--scratch-path", self.scratch),
        ]

    def run(self, suites, fault=0):
        """How the suites end with a fault planted (passed, failed, trapped or hung), and what they print until then.

        The first issue that a test records ends a run: it is enough to notice the fault.
        """
        command = [*self.runner(), "--filter", rf"{TESTS}\.({'|'.join(suites)})\b"]
        # Traps are expected, and a backtrace of each would take seconds.
        environment = {**os.environ, VARIABLE: str(fault), "SWIFT_BACKTRACE": "enable=no"}
        process = subprocess.Popen(
            command,
            cwd=self.package,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        ending = None

        def end_as(reason):
            nonlocal ending
            ending = ending or reason
            # With all that it has started: tests of exits are processes of their own.
            os.killpg(process.pid, signal.SIGKILL)

        alarm = threading.Timer(LONGEST_RUN, end_as, ["hung"])
        alarm.start()
        output = []
        with process.stdout:
            for line in process.stdout:
                output.append(line)
                if ISSUE in line:
                    end_as("failed")
                    break
        code = process.wait()
        alarm.cancel()
        return ending or {0: "passed", 1: "failed"}.get(code, "trapped"), "".join(output)

    def check_soundness(self, suites):
        """Ends the program unless the suites exist, and pass where nothing is broken."""
        ending, output = self.run(suites)
        passed = set(re.findall(r"(?:Suite|Test) (\w+).* passed after", output))
        missing = [suite for suite in suites if suite.split("/")[-1] not in passed]
        if ending != "passed" or missing:
            sys.exit(f"{output}\nwithout a fault, these suites do not pass: {missing or suites}")


def plant(faults, among, folder, jobs):
    """The faults that no test notices; all they are among are built in, so that another run needs no build."""
    tests = Tests(folder)
    copy_package(tests.package, among)
    started = time.monotonic()
    tests.build()
    print(f"built in {time.monotonic() - started:.0f} s", flush=True)
    tests.check_soundness(sorted({suite for fault in faults for suite in fault.family.suites}))
    started = time.monotonic()
    survivors = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = pool.map(lambda fault: tests.run(fault.family.suites, fault.number), faults)
        for fault, (ending, _) in zip(faults, runs):
            if ending == "passed":
                survivors.append(fault)
            print("SURVIVED" if ending == "passed" else f"killed ({ending})", fault, flush=True)
    print(f"\n{len(faults)} runs in {time.monotonic() - started:.0f} s")
    for fault in survivors:
        print("survivor:", fault)
    return survivors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", metavar="FAMILY", action="append", help="plant this family's faults only")
    parser.add_argument("--list", action="store_true", help="show the faults, and plant none")
    parser.add_argument("--jobs", type=int, default=2, help="how many runs at a time")
    parser.add_argument("--folder", type=Path, help="where to build, and to leave what was built")
    options = parser.parse_args()

    every = all_faults()
    unknown = set(options.only or []) - {fault.family.name for fault in every}
    if unknown:
        parser.error(f"no such family: {', '.join(sorted(unknown))}")
    faults = [fault for fault in every if not options.only or fault.family.name in options.only]
    for fault in every:
        fault.site.span((PACKAGE / fault.family.file).read_text(), fault.family.file)
    if options.list:
        print(*faults, sep="\n")
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="adjoint-faults-"))
    try:
        survivors = plant(faults, every, folder, options.jobs)
    finally:
        if not options.folder:
            shutil.rmtree(folder)
    killed = len(faults) - len(survivors)
    print(f"kill rate: {killed} of {len(faults)}, {100 * killed / len(faults):.1f} %")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    try:
        main()
    except StaleTable as stale:
        sys.exit(f"the table does not fit the sources: {stale}")
