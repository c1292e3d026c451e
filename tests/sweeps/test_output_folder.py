from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf

from scratchnet.sweeps.output_folder import output_folder


def test_a_folder_named_like_a_reference_is_itself(tmp_path, monkeypatch):
    folder = tmp_path / "${seed}" / "${oc.env:HOME}"
    config = OmegaConf.create({"seed": 3, "runtime": {"output_dir": str(folder)}})
    monkeypatch.setattr(HydraConfig, "get", staticmethod(lambda: config))
    assert output_folder() == folder
