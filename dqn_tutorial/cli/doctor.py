"""`doctor`: whether this machine can run the series, and the exact fix if it can't."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PACKAGES = (
    "tensorflow",
    "keras",
    "gymnasium",
    "ale-py",
    "numpy",
    "matplotlib",
    "pandas",
    "scipy",
    "imageio",
    "imageio-ffmpeg",
    "pillow",
    "lz4",
    "filelock",
    "psutil",
    "tqdm",
    "jupyterlab",
    "ipykernel",
    "ipython",
)
ENOUGH_RAM_GB = 4
GAME_STEPS = 20
if (Path(__file__).parents[2] / "requirements.lock").exists():  # in the repository
    INSTALL = (
        "make install (on Windows: pip install --require-hashes -r requirements.lock)"
    )
    HEADLESS = "-r requirements-headless.lock"
else:
    INSTALL = 'pip install "dqn-tutorial[lab]"'
    HEADLESS = "opencv-python-headless"


class Finding(NamedTuple):
    """The result of one check."""

    ok: bool
    what: str
    detail: str
    fix: str = ""


def add_parser(commands) -> None:
    """`doctor` has no options."""
    commands.add_parser(
        "doctor",
        help="check this machine; if something is missing, name the fix and exit 1",
    )


def run(_) -> int:
    """Print what was found; 1 if something is missing."""
    findings = diagnose()
    print(report(findings))
    return 0 if all(finding.ok for finding in findings) else 1


def diagnose() -> list[Finding]:
    """Check everything; no failed check raises."""
    findings = [_python(), *(_package(name) for name in PACKAGES)]
    checks = (_opencv, _rom, _games, _ffmpeg, _device, _cores, _ram)
    return findings + [_try(check) for check in checks]


def report(findings: list[Finding]) -> str:
    """One line per finding, with the fix below it if there is one."""
    lines = []
    for finding in findings:
        mark = "ok  " if finding.ok else "FAIL"
        lines.append(f"{mark}  {finding.what:<12} {finding.detail}")
        if finding.fix:
            lines.append(f"      {'':<12} -> {finding.fix}")
    return "\n".join(lines)


def _try(check) -> Finding:
    try:
        return check()
    except Exception as error:
        what = check.__name__.strip("_")
        first_line = str(error).splitlines()[0] if str(error) else repr(error)
        fix = INSTALL if "No module named" in first_line else _FIXES[what]
        return Finding(False, what, first_line, fix)


_FIXES = {
    "opencv": (
        "install the system's libGL (Debian, Ubuntu: apt-get install libgl1), or: pip "
        "uninstall -y opencv-python && "
        f"pip install --no-deps {HEADLESS}"
    ),
    "rom": "pip install --upgrade 'ale-py>=0.12.1' (it brings the ROMs with it)",
    "games": (
        "mend first what FAILs above; then: pip install --force-reinstall "
        "'ale-py>=0.12.1' (the games at once are a part of it)"
    ),
    "ffmpeg": (
        "pip install --force-reinstall imageio-ffmpeg (it brings ffmpeg with it), and "
        "unset IMAGEIO_FFMPEG_EXE if it is set"
    ),
    "cores": INSTALL,
    "ram": INSTALL,
    "device": "pip install --force-reinstall tensorflow",
}


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = (3, 11) <= sys.version_info < (3, 14)
    fix = "" if ok else "use Python 3.11, 3.12 or 3.13: TensorFlow has no other wheels"
    return Finding(ok, "python", version, fix)


def _package(name: str) -> Finding:
    try:
        return Finding(True, name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(False, name, "not installed", INSTALL)


def _opencv() -> Finding:
    import cv2

    return Finding(True, "opencv", cv2.__version__)


def _rom() -> Finding:
    import ale_py

    from dqn_tutorial.atari_roms import check_game

    env = ale_py.AtariEnv(check_game("breakout"))
    env.reset(seed=0)
    return Finding(True, "rom", f"breakout plays, {env.action_space.n} actions")


def _games() -> Finding:
    """Many games at once, on the emulator's own threads, as `train` plays them."""
    import numpy as np

    from dqn_tutorial.config import PRESETS
    from dqn_tutorial.envs import make_env

    config = PRESETS["laptop"]
    env = make_env(config, config.num_envs, first_seed=0)
    env.reset()
    for step in range(GAME_STEPS):
        env.step(np.full(env.num_envs, step % env.num_actions))
    env.close()
    detail = f"{config.num_envs} of {config.game} at once, {GAME_STEPS} steps of each"
    return Finding(True, "games", detail)


def _ffmpeg() -> Finding:
    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-encoders"]
    encoders = subprocess.run(command, capture_output=True, text=True, check=True)
    if "libx264" not in encoders.stdout:
        raise RuntimeError("this ffmpeg cannot write H.264")
    return Finding(True, "ffmpeg", f"{imageio_ffmpeg.get_ffmpeg_version()}, with H.264")


def _device() -> Finding:
    from dqn_tutorial.quiet_tensorflow import tf

    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    return Finding(True, "device", f"TensorFlow computes on the {kind}")


def _cores() -> Finding:
    from dqn_tutorial.machine import usable_cores

    return Finding(True, "cores", f"{usable_cores()}")


def _ram() -> Finding:
    from dqn_tutorial.machine import free_and_total

    free, total = free_and_total()
    detail = f"{free / 1e9:.1f} GB free of {total / 1e9:.1f}"
    ok = total >= ENOUGH_RAM_GB * 1e9
    enough = free >= ENOUGH_RAM_GB * 1e9
    fix = "" if enough else f"close something: the series needs {ENOUGH_RAM_GB} GB"
    return Finding(ok, "ram", detail, fix)
