"""No data can run code: the source never uses the functions that would make it possible."""

import ast
from pathlib import Path

import pytest
import yaml

from scratchnet.runs.yaml_loader import Loader

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "run.py", *sorted((ROOT / "scratchnet").rglob("*.py"))]
SOURCES += sorted((ROOT / "hydra_plugins").rglob("*.py"))

MODULES = {"pickle", "cPickle", "dill", "shelve", "marshal", "joblib", "cloudpickle", "code"}
CALLS = {"eval", "exec", "compile", "__import__", "instantiate", "import_module", "system", "popen"}
CALLS |= {"get_class", "get_method", "get_object", "fromfile", "getoutput", "getstatusoutput"}
COMPILERS = {"re", "dispatcher"}  # of a pattern; of a function that is there (Numba)
UNSAFE_YAML = {"unsafe_load", "full_load", "UnsafeLoader", "FullLoader", "load_all"}


def forbidden(source: str) -> list[str]:
    """The forbidden names that a source uses, each with its line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".")[0] for alias in node.names]
            found += [(name, node.lineno) for name in names if name in MODULES]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "").split(".")[0], *(alias.name for alias in node.names)]
            found += [(n, node.lineno) for n in names if n in MODULES | UNSAFE_YAML]
        elif isinstance(node, ast.Attribute) and node.attr in UNSAFE_YAML:
            found.append((node.attr, node.lineno))
        elif isinstance(node, ast.Call):
            found += [(problem, node.lineno) for problem in _call(node)]
        elif isinstance(node, ast.Constant) and node.value == "_target_":
            found.append(("_target_", node.lineno))
    return [f"{line}: {name}" for name, line in found]


def _call(node: ast.Call) -> list[str]:
    called = node.func
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    owner = getattr(getattr(called, "value", None), "id", "")
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    problems = [name] if name in CALLS and owner not in COMPILERS else []
    if owner in ("np", "numpy") and name == "load":
        value = keywords.get("allow_pickle")
        problems += [] if isinstance(value, ast.Constant) and value.value is False else ["np.load"]
    if "allow_pickle" in keywords and getattr(keywords["allow_pickle"], "value", True):
        problems.append("allow_pickle")
    if isinstance(getattr(keywords.get("shell"), "value", None), bool) and keywords["shell"].value:
        problems.append("shell=True")
    if owner == "yaml" and name == "load" and getattr(keywords.get("Loader"), "id", "") != "Loader":
        problems.append("yaml.load")
    if name in ("extractall", "extract"):
        problems.append(name)
    return problems


# Machine code that the program has compiled, as Python keeps its own in .pyc files beside it. It is
# read from the package or the user's cache folder alone, never from data, configs or run folders.
# An experiment file that names a target is refused.
ALLOWED = {
    ROOT / "scratchnet" / "kernels" / "cache.py": ["pickle"],
    ROOT / "scratchnet" / "cli" / "experiment_files.py": ["_target_"],
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_cannot_run_what_it_reads(path):
    found = forbidden(path.read_text(encoding="utf-8"))
    assert [problem.partition(": ")[2] for problem in found] == ALLOWED.get(path, [])


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "eval('1')",
        "exec(x)",
        "os.system(x)",
        "hydra.utils.get_class(name)",
        "from hydra.utils import instantiate\ninstantiate(config)",
        "subprocess.run('ls', shell=True)",
        "subprocess.getoutput('ls')",
        "import joblib",
        "import importlib\nimportlib.import_module(name)",
        "yaml.unsafe_load(text)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "instantiate(config)",
        "yaml.load(text, Loader=yaml.UnsafeLoader)",
        "yaml.load(text)",
        "yaml.full_load(x)",
        "x = config['_target_']",
        "run(x, shell=True)",
        "tar.extractall(path)",
        "write_array(file, array, allow_pickle=True)",
    ],
)
def test_the_check_finds_each_way_to_run_code(source):
    assert forbidden(source) != []


def test_the_yaml_loader_makes_plain_values_only():
    assert issubclass(Loader, (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def test_no_config_names_code():
    for path in (ROOT / "conf").rglob("*.yaml"):
        assert "_target_" not in path.read_text(encoding="utf-8")
