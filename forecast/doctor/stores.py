"""The store's part of the doctor: vintages compared with their hashes, and damaged ones set aside."""

from __future__ import annotations

from pathlib import Path

from forecast.doctor.aside import busy
from forecast.doctor.finding import Finding
from forecast.errors import StoreError
from forecast.observations.damage import Damage
from forecast.observations.folders import OBSERVATIONS
from forecast.observations.store import Store

AGAIN = "'forecast fetch' stores it again where it was fetched; otherwise ingest again: "
DEMO, SIMULATED = "'forecast demo' makes it again", "simulated"
UNKNOWN = "every file, since it is not known which it held"


def of_store(store: Store, *, mend: bool) -> list[Finding]:
    """Read every byte of a store and say what is wrong; set it aside where it is to be mended."""
    try:
        found = store.heal() if mend else store.check()
        if not mend and _at_work(store):
            found = [damage for damage in found if not damage.unfinished]
    except StoreError as error:
        return [Finding(f"{store.folder}", f"the store cannot be examined ({error})")]
    return [_finding(store, damage, mend) for damage in found]


def _finding(store: Store, damage: Damage, mended: bool) -> Finding:
    where = f"{store.folder}/{OBSERVATIONS}/{damage.file}"
    simulated = bool(damage.sources) and all(source.startswith(SIMULATED) for source in damage.sources)
    again = DEMO if simulated else f"{AGAIN}{'; '.join(damage.sources) or UNKNOWN}"
    if damage.unfinished:
        return Finding(where, "an ingest was begun and not finished", "its note was removed" if mended else "", again)
    return Finding(where, damage.reason, f"set aside in {OBSERVATIONS}/damaged" if mended else "", again)


def _at_work(store: Store) -> bool:
    return isinstance(store.folder, Path) and busy(store.folder / OBSERVATIONS / ".lock")
