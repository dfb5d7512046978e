#!/bin/sh
# What a container does. serve: the app. weekly: the weekly job, for ever. once: the weekly job, now. Else: that command.
#
# FORECAST_DATA, FORECAST_MODELS   folders (or a URL) of observations and of runs
# FORECAST_APP                     folder of app.py
# FORECAST_ADDRESS, FORECAST_PORT  where the app listens
# FORECAST_DEMO                    no: do not show a simulated England where nothing is stored
# FORECAST_DAY, FORECAST_TIME      when the weekly job runs, London time
# FORECAST_RETRY                   seconds after which a job that published nothing is tried again
# FORECAST_JOB                     the job's command
set -eu

: "${FORECAST_DATA:=data}" "${FORECAST_MODELS:=models}" "${FORECAST_ADDRESS:=127.0.0.1}" "${FORECAST_PORT:=8501}"
: "${FORECAST_DEMO:=yes}" "${FORECAST_DAY:=Thursday}" "${FORECAST_TIME:=11:00}" "${FORECAST_RETRY:=86400}"
: "${FORECAST_PATIENCE:=1800}" "${FORECAST_JOB:=forecast refit --scheduled}"
here=$(cd "$(dirname "$0")" && pwd)
: "${FORECAST_APP:=$(dirname "$here")}"
export FORECAST_DATA FORECAST_MODELS
exits="$FORECAST_MODELS/weekly-exits.jsonl"
children=" "
stopped=""

say() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"; }

# The shell itself does not pass a signal on: without this, a container would be killed after ten seconds.
stop() {
    stopped=yes
    # shellcheck disable=SC2086  # one word a process
    end $children
}

# A process that has just been forked still has the shell's own trap and would miss the signal: it gets it twice.
end() {
    [ $# -gt 0 ] || return 0
    kill -TERM "$@" 2>/dev/null || true
    { /bin/sleep 1 && kill -TERM "$@"; } >/dev/null 2>&1 &
}
trap stop TERM INT

# Run a command so that a signal ends it and then this script; its exit code is kept in $code.
run() {
    code=143
    [ -z "$stopped" ] || return 0
    "$@" &
    child=$!
    children="$children$child "
    [ -z "$stopped" ] || end "$child"
    while :; do
        wait "$child" && code=0 || code=$?
        # A signal interrupts the wait: it goes on until the command has ended.
        kill -0 "$child" 2>/dev/null || break
    done
    children=$(echo "$children" | sed "s/ $child / /")
}

served() { [ -e "$FORECAST_MODELS/latest" ]; }

job() {
    say "weekly job begins: $FORECAST_JOB"
    # shellcheck disable=SC2086  # a command and its words
    run $FORECAST_JOB
    printf '{"ended": "%s", "exit": %s}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$code" >>"$exits"
    say "weekly job ended, exit code $code"
}

pause() { run sleep "$1"; }

weekly() {
    patience=$FORECAST_PATIENCE
    # Two refits at once would be one refused: the app may be making its first run.
    while ! served && [ "$FORECAST_DEMO" = yes ] && [ "$patience" -gt 0 ] && [ -z "$stopped" ]; do
        pause 5
        patience=$((patience - 5))
    done
    # What was missed is made up for: a week in which the machine was off, and a job that failed or was ended.
    recent=""
    if tail -n 1 "$exits" 2>/dev/null | grep -q '"exit": 0}'; then
        recent=$(find "$exits" -mtime -7 2>/dev/null || true)
    fi
    while [ -z "$stopped" ]; do
        code=0
        if [ -z "$recent" ]; then
            job
            [ -z "$stopped" ] || break
        fi
        recent=""
        if [ "$code" -eq 0 ]; then
            seconds=$(python "$here/next_time.py" "$FORECAST_DAY" "$FORECAST_TIME")
        else
            seconds=$FORECAST_RETRY
        fi
        say "the next weekly job begins in $seconds seconds"
        pause "$seconds"
    done
    exit 0
}

serve() {
    if ! served && [ "$FORECAST_DEMO" = yes ]; then
        say "no run yet: one is made while the app already answers"
        forecast app --prepare-only &
        children="$children$! "
    fi
    cd "$FORECAST_APP"
    run python -m streamlit run app.py --server.address "$FORECAST_ADDRESS" --server.port "$FORECAST_PORT" \
        --server.headless true
    stop
    exit "$code"
}

mkdir -p "$FORECAST_MODELS" || {
    say "the folder $FORECAST_MODELS cannot be written by $(id -un 2>/dev/null || id -u); give the volume to that user" >&2
    exit 2
}
case "${1:-serve}" in
serve) serve ;;
weekly) weekly ;;
once)
    job
    exit "$code"
    ;;
*) exec "$@" ;;
esac
