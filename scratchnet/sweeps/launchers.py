"""The launchers there are: they start the jobs of a sweep, here or elsewhere.

basic            one after the other (what Hydra does when nothing is said)
joblib           several at a time on this machine
ray              on a Ray cluster
submitit_slurm   on a SLURM cluster; submitit_local: the same without one
"""

import importlib.util
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins

from scratchnet.errors import UserError

EXTRAS = {  # launcher: the extra that installs it, and the plugin that has it
    "joblib": ("sweep", "hydra_joblib_launcher"),
    "ray": ("cluster", "hydra_ray_launcher"),
    "submitit_local": ("cluster", "hydra_submitit_launcher"),
    "submitit_slurm": ("cluster", "hydra_submitit_launcher"),
}

READY = ("ray", "submitit_slurm")  # conf/hydra/launcher/ has our settings for these


def register() -> None:
    """Move the plugins' own configs of these launchers to where ours can build upon them.

    Under their first names, Hydra would merge them with ours by itself, and warn of that.
    """
    Plugins.instance()  # finds the plugins, which register their configs
    store = ConfigStore.instance()
    for name in READY:
        found = store.repo["hydra"]["launcher"].pop(f"{name}.yaml", None)
        if found is not None:
            store.store(
                group="schema/launcher", name=name, node=found.node, package="hydra.launcher"
            )


def check(name: Any) -> None:
    """Raise UserError where `hydra/launcher=<name>` is of an extra that is not installed."""
    extra, plugin = EXTRAS.get(name, (None, None)) if isinstance(name, str) else (None, None)
    if plugin and not _is_installed(f"hydra_plugins.{plugin}"):
        raise UserError(
            f'hydra/launcher={name}: is not installed; pip install -e ".[{extra}]" does that'
        )


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # no plugin at all
        return False
