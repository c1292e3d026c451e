"""The process of one contender; started by harness.py, never by hand.

Reads requests from its standard input ("build" first, then "round" as often as wanted) and answers
each with one line of JSON. Between two requests it blocks.
"""

import importlib
import json
import os
import sys


def main() -> None:
    task = json.loads(sys.argv[1])
    # What libraries print must not get between the answers: they get standard error instead.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if task["threads"] and hasattr(os, "sched_setaffinity"):  # before any library counts cores
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: task["threads"]])

    contender = None
    for request in sys.stdin:
        try:
            if request.strip() == "build":
                contender = _build(task)
                answer = contender.describe() | {"libraries": _libraries()}
            else:
                answer = contender.run_round() | _peak_memory()
        except ImportError as error:
            answer = {"absent": f"not installed ({error.name or error})"}
        except Exception as error:  # any library may fail in any way; the table says how
            text = next((line for line in str(error).split("\n") if line.strip()), "")
            answer = {"absent": f"failed: {type(error).__name__}: {text}"}
        print(json.dumps(answer), file=answers, flush=True)


def _build(task: dict):
    module = importlib.import_module(task["module"])
    return getattr(module, task["kind"])(task["variant"], task["job"])


def _peak_memory() -> dict[str, float]:
    """The largest resident set of this process so far, in bytes, where the system tells it."""
    try:
        import resource
    except ImportError:  # Windows
        return {}
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return {"peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}


def _libraries() -> list[str]:
    """The BLAS and OpenMP libraries in this process: name, version, kernel, threads."""
    import threadpoolctl  # after the contender's own imports: it lists what is loaded

    return [
        " ".join(
            str(part)
            for part in (
                library["internal_api"],
                library["version"] or "",
                library.get("architecture", ""),
                f"{library['num_threads']} threads",
            )
            if part
        )
        for library in threadpoolctl.threadpool_info()
    ]


if __name__ == "__main__":
    main()
