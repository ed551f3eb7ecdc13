"""What a script says in other processes, where sets stand in another order."""

import subprocess
import sys


def said_elsewhere(script: str) -> set[str]:
    """Run it in two processes with different hashes; return all that they print, each answer once."""
    path = ":".join(entry for entry in sys.path if entry)
    return {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONPATH": path, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
