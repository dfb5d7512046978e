import numpy as np
import pytest

from forecast.errors import InputError
from forecast.placements.waiting.shares import PathwayShares, reference_shares
from forecast.reference import reference

PATHWAYS = ("home", "rehabilitation", "care_home")


def test_draws_scatter_about_the_means_as_a_dirichlet_of_that_many_people():
    shares = PathwayShares(PATHWAYS, {"RM1": (0.2, 0.3, 0.1)}, {"RM1": 29})
    drawn = shares.draws(20_000, seed=2)[0]
    mean = np.array([0.2, 0.3, 0.1])
    assert drawn.mean(axis=1) == pytest.approx(mean, abs=0.003)
    assert drawn.var(axis=1) == pytest.approx(mean * (1 - mean) / 30, rel=0.05)
    # the covariance of two shares of a Dirichlet
    assert np.cov(drawn)[0, 1] == pytest.approx(-0.2 * 0.3 / 30, rel=0.15)


def test_a_pathway_nobody_waits_for_is_never_drawn():
    shares = PathwayShares(PATHWAYS, {"RM1": (0.0, 1.0, 0.0)}, {"RM1": 5})
    assert pytest.approx(np.array([[0, 1, 0]] * 10)) == shares.draws(10, seed=1)[0].T


def test_a_hospitals_draws_are_the_same_alone_and_among_others():
    shares = PathwayShares(PATHWAYS, dict.fromkeys(("RM1", "RGP"), (0.2, 0.3, 0.1)), dict.fromkeys(("RM1", "RGP"), 20))
    both, alone = shares.draws(5, seed=1), shares.draws(5, 1, ["RGP"])
    assert (both[1] == alone[0]).all()
    assert (both[0] != both[1]).any()


def test_the_reference_has_shares_of_norfolks_hospitals_and_of_any_other():
    found = reference_shares(["RCX", "X99"], reference())
    assert found.means == {"RCX": (0.3, 0.31, 0.14), "X99": (0.22, 0.17, 0.19)}
    assert "its own" in found.notes["RCX"]
    assert "those of all trusts" in found.notes["X99"]
    assert found.people["X99"] < found.people["RCX"]


@pytest.mark.parametrize(
    ("means", "people", "message"),
    [
        ((0.5, 0.6, 0.1), 10, "together at most 1"),
        ((0.5, -0.1, 0.1), 10, "from 0 to 1"),
        ((0.5, 0.1), 10, "home, rehabilitation, care_home"),
        ((0.5, 0.1, 0.1), 0, "people is 0"),
        ((float("nan"), 0.1, 0.1), 10, "from 0 to 1"),
    ],
)
def test_impossible_shares_are_refused(means, people, message):
    with pytest.raises(InputError, match=message):
        PathwayShares(PATHWAYS, {"RM1": means}, {"RM1": people})


def test_draws_of_a_hospital_without_shares_are_refused():
    shares = PathwayShares(PATHWAYS, {"RM1": (0.2, 0.3, 0.1)}, {"RM1": 20})
    with pytest.raises(InputError, match=r"none for 'RGP'; there are those of RM1"):
        shares.draws(5, 1, ["RGP"])
