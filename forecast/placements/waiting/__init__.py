"""Who waits for which onward care: published reasons and discharges, shares, rules, and the paths of a forecast."""
