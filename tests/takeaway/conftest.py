import pytest
from made_whole_runs import make_whole_run

from forecast.briefing import briefing
from forecast.takeaway.origin import Origin

SIGNED = "Signed off by A. Person on 9 January 2025: ranges looked at"


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """A simulated run that has everything."""
    return make_whole_run(tmp_path_factory.mktemp("whole") / "models")


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """A run of published figures that has everything."""
    return make_whole_run(tmp_path_factory.mktemp("real") / "models", simulated=False)


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    """A run of published figures without waves, season and places, one hospital of which cannot be said."""
    return make_whole_run(
        tmp_path_factory.mktemp("bare") / "models",
        simulated=False,
        places=False,
        season=False,
        waves=False,
        cannot="no usable value since 1 December 2024 (no return)",
        remark='=HYPERLINK("http://x","y")',
    )


@pytest.fixture
def told():
    """What a maker of files is given of a run."""

    def of(run, signed=SIGNED):
        return [briefing(run, county, signed=signed) for county in run.counties], Origin.of(run, signed)

    return of
