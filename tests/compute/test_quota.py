"""Quotas of control groups, in files as the kernel writes them."""

import math

import pytest

from scratchnet.compute import quota, threads


@pytest.fixture
def cores(tmp_path):
    """A function: the cores granted by these files below /sys/fs/cgroup and /proc/self/cgroup."""

    def cores(own, **files):
        for name, text in files.items():
            path = tmp_path / "groups" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "own").write_text(own)
        return quota.cores(tmp_path / "own", tmp_path / "groups")

    return cores


def test_version_2_in_a_container(cores):
    assert cores("0::/\n", **{"cpu.max": "150000 100000\n"}) == 1.5
    assert cores("0::/\n", **{"cpu.max": "max 100000\n"}) == math.inf


def test_version_2_takes_the_smallest_of_the_nested_groups(cores):
    files = {"cpu.max": "max 100000", "a/cpu.max": "200000 100000", "a/b/cpu.max": "350000 50000"}
    assert cores("0::/a/b\n", **files) == 2
    assert cores("0::/a/b/c\n", **files) == 2  # its own group has no file
    assert cores("0::/x\n", **files) == math.inf


@pytest.mark.parametrize("controllers", ["cpu", "cpu,cpuacct"])
def test_version_1(cores, controllers):
    own = f"5:memory:/m\n3:{controllers}:/docker/1f\n0::/\n"
    period = {f"{controllers}/cpu.cfs_period_us": "100000\n"}
    assert cores(own, **period, **{f"{controllers}/cpu.cfs_quota_us": "50000\n"}) == 0.5
    assert cores(own, **period, **{f"{controllers}/cpu.cfs_quota_us": "-1\n"}) == math.inf


def test_other_hierarchies_do_not_count(cores):
    own, period = "4:cpuset:/\n", {"cpuset/cpu.cfs_period_us": "100000"}
    assert cores(own, **period, **{"cpuset/cpu.cfs_quota_us": "50000"}) == math.inf


@pytest.mark.parametrize("own", ["", "no groups", "0::/"])
def test_without_files_there_is_no_quota(cores, own):
    assert cores(own) == math.inf


@pytest.mark.parametrize(("granted", "expected"), [(0.2, 1), (1.5, 2), (math.inf, 8)])
def test_threads_are_counted_by_the_quota_rounded_up(monkeypatch, granted, expected):
    monkeypatch.setattr(threads.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(quota, "cores", lambda: granted)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert threads.cores() == threads.count() == expected
