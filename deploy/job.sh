#!/bin/sh
# The weekly job for cron, systemd or Task Scheduler: from any folder, with any environment; output and exit code logged.
#
# FORECAST_DATA, FORECAST_MODELS  folders of observations and of runs; those of this folder unless set
# FORECAST_JOB_LOG                    file that a line is added to
# FORECAST_JOB                    the job's command
set -u
here=$(cd "$(dirname "$0")/.." && pwd) || exit 2
cd "$here" || exit 2
PATH="$here/.venv/bin:${PATH:-/usr/bin:/bin}"
: "${FORECAST_DATA:=$here/data}" "${FORECAST_MODELS:=$here/models}" "${FORECAST_JOB_LOG:=$here/weekly.log}"
: "${FORECAST_JOB:=forecast refit --scheduled}"
export PATH FORECAST_DATA FORECAST_MODELS
{
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) begins: $FORECAST_JOB"
    # shellcheck disable=SC2086  # a command and its words
    $FORECAST_JOB </dev/null
    code=$?
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) ended, exit code $code"
} >>"$FORECAST_JOB_LOG" 2>&1
# Whoever started it learns of it too: cron sends this line to MAILTO, systemd shows it as failed.
[ "$code" -eq 0 ] || echo "the weekly forecast published nothing, exit code $code: see $FORECAST_JOB_LOG" >&2
exit "$code"
