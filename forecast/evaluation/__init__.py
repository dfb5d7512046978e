"""How good forecasts would have been: rolling-origin backtests, their scores, and how sure those are.

A backtest repeats what a forecaster would have said at past origins, with no more than was known then, and ``score``
compares that with what happened and with the baseline.
"""

from __future__ import annotations

from forecast.evaluation.backtest import backtest
from forecast.evaluation.bootstrap import coverage_range, difference
from forecast.evaluation.measures import ranked_probability_score
from forecast.evaluation.scoring import pit_histogram, score, timings

__all__ = ["backtest", "coverage_range", "difference", "pit_histogram", "ranked_probability_score", "score", "timings"]
