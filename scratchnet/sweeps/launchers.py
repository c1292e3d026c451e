"""The launchers there are: they start the jobs of a sweep, here or elsewhere.

basic            one after the other (what Hydra does when nothing is said)
joblib           several at a time on this machine
ray              on a Ray cluster
submitit_slurm   on a SLURM cluster; submitit_local: the same without one
"""

from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins

from scratchnet.system import extras

EXTRAS = {  # launcher: the plugin that has it, and the extra that installs it
    "joblib": ("hydra_plugins.hydra_joblib_launcher", "sweep"),
    "ray": ("hydra_plugins.hydra_ray_launcher", "cluster"),
    "submitit_local": ("hydra_plugins.hydra_submitit_launcher", "cluster"),
    "submitit_slurm": ("hydra_plugins.hydra_submitit_launcher", "cluster"),
}
LAUNCHERS = ("basic", *EXTRAS)

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


def require(name: str) -> None:
    """Raise UserError where `hydra/launcher=<name>` is of an extra that is not installed."""
    if name in EXTRAS:
        extras.require(f"hydra/launcher={name}", *EXTRAS[name])
