"""Check on which Python versions and systems the project can be installed: every interpreter on this machine compiles
it, and for each supported version and system the dependencies are resolved to files that need no compiler (a dry run;
nothing is downloaded or installed). With --run, each other interpreter on this machine gets the wheel and its
dependencies in a new environment, and runs the tasks of tests/test_wheel.py in an empty folder.

    .venv/bin/python .ci/pythons.py [--no-resolve] [--run]
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {"Linux": "x86_64-unknown-linux-gnu", "macOS": "aarch64-apple-darwin", "Windows": "x86_64-pc-windows-msvc"}


def uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run uv with these arguments and return the finished process. uv may not download an interpreter; `make lock`
    installs uv, and only `resolves` needs it."""
    command = [str(Path(sys.executable).with_name("uv")), *arguments]
    env = {
        **os.environ,
        "UV_PYTHON_DOWNLOADS": "never",
        "MACOSX_DEPLOYMENT_TARGET": "14.0",
    }  # torch's files begin with macOS 14
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def interpreters() -> dict[str, str]:
    """Return supported Python version to the interpreter found on this machine: this one, those on the PATH, and those
    of pyenv."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {}
    for version in VERSIONS:
        named = [shutil.which(f"python{version}"), *map(str, sorted(kept.glob(f"{version}.*/bin/python{version}")))]
        found[version] = next((path for path in named if path and runs(path)), None)
    return {version: path for version, path in {**found, own: sys.executable}.items() if path}


def runs(python: str) -> bool:
    """Return whether the program of that name starts: a version manager leaves names on the PATH that start nothing."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def compiles(python: str) -> str:
    """Compile all modules with an interpreter; return its error message, '' if there is none."""
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [python, "-X", f"pycache_prefix={cache}", "-m", "compileall", "-q", "-f", ROOT / "kb", ROOT / "app.py"],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()


def works(python: str, wheel: Path, folder: Path) -> str:
    """Install the wheel for an interpreter in `folder` and run the tasks of tests/test_wheel.py; return what failed, ''
    if nothing did."""
    tasks = ast.parse((ROOT / "tests" / "test_wheel.py").read_text(encoding="utf-8")).body
    (kept,) = (each.value for each in tasks if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "TASKS")
    code = "\n".join(line for lines in ast.literal_eval(kept).values() for line in lines)
    environment, work = folder / "environment", folder / "work"
    work.mkdir(parents=True)
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("KB_", "PYTHON"))}
    homes = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA")}
    own = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    for command, env in (
        ([python, "-m", "venv", environment], mine),
        ([own, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel], mine),
        ([own, "-c", code], {**mine, **homes}),
    ):
        done = subprocess.run(command, cwd=work, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"does not work: {done.stderr.strip()[-600:]}"
    return ""


def each_works(here: dict[str, str]) -> dict[str, str]:
    """Return interpreter version to the result of `works`, for each interpreter in `here` that is not this one."""
    others = {version: path for version, path in here.items() if path != sys.executable}
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        for name in ("kb", "corpus"):
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (each for each in ROOT.iterdir() if each.is_file()):
            shutil.copy(path, source / path.name)
        build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", scratch, source]
        subprocess.run(build, check=True)
        (wheel,) = Path(scratch).glob("kb-*.whl")
        return {version: works(path, wheel, Path(scratch) / version) for version, path in others.items()}


def resolves(version: str, platform: str, extra: str) -> str:
    """Resolve the dependencies of an extra for a version and a system (a dry run); return what is missing in one line,
    '' if every dependency has a file."""
    done = uv(
        *("pip", "compile", "--no-config", "--quiet", "--only-binary", ":all:", "--python-version", version),
        *("--python-platform", platform, "--constraint", str(ROOT / "constraints.txt"), "--extra", extra),
        *(str(ROOT / "pyproject.toml"), "-o", os.devnull),
    )
    return "" if done.returncode == 0 else " ".join(done.stderr.split()).partition(" hint:")[0][:300]


def without(version: str, platform: str) -> list[str]:
    """Return a line for each extra of `all` that has no files for this version and system; empty if all have."""
    if not resolves(version, platform, "all"):
        return []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    extras = project["all"][0].partition("[")[2].rstrip("]").split(",")
    return [f"{extra}: {said}" for extra in extras if (said := resolves(version, platform, extra))]


def main(arguments: list[str]) -> int:
    """Print one table; return exit code 1 if an interpreter on this machine cannot compile the modules or fails at the
    tasks."""
    if "--no-resolve" not in arguments and not Path(sys.executable).with_name("uv").exists():
        print("uv is not installed: run make lock first, or give --no-resolve", file=sys.stderr)
        return 2
    here, failed = interpreters(), False
    ran = each_works(here) if "--run" in arguments else {}
    for version in VERSIONS:
        said = compiles(here[version]) if version in here else ""
        said = said or ran.get(version, "")
        failed = failed or bool(said)
        does = "compiles every module" + (", is installed and does the tasks" if version in ran else "")
        print(f"Python {version}: {'not on this machine' if version not in here else said or does}")
        for system, platform in {} if "--no-resolve" in arguments else SYSTEMS.items():
            missing = without(version, platform)
            print(f"   {system:8} {'every dependency has a file' if not missing else '; '.join(missing)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
