"""The gate: what must hold of a refit before the weekly job publishes it.

Each check looks at one thing that has gone wrong with forecasts elsewhere (figures that stopped coming, figures that
cannot be, a hospital that fell out, a model that is worse than the one before, a forecast that moved for no reason in
the figures) and says what it found in words. Any of them can be overruled by a person who gives a reason.
"""
