# syntax=docker/dockerfile:1
# The app and the weekly job in one image: see docs/schedule.md. Every package is checked against its hash.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY deploy/runtime_lock.py deploy/
RUN python deploy/runtime_lock.py --extra s3 > runtime.lock \
    && python deploy/runtime_lock.py --only hatchling > build.lock \
    && pip install --require-hashes --prefix /packages -r runtime.lock \
    && pip install --require-hashes -r build.lock
COPY forecast forecast
COPY data/reference data/reference
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM python:${PYTHON}
# London's clock decides when the weekly job runs, wherever the machine stands.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 forecast \
    && install -d -o forecast -g forecast /srv/forecast
COPY --from=build /packages /usr/local
COPY --from=build /wheel /wheel
WORKDIR /app
# Beside app.py: its pages are found from there.
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-index --target /app /wheel/*.whl \
    && rm -r /wheel
COPY app.py ./
COPY .streamlit .streamlit
COPY --chmod=755 deploy/entrypoint.sh deploy/next_time.py deploy/
ENV PATH=/app/bin:$PATH PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    FORECAST_DATA=/srv/forecast/data FORECAST_MODELS=/srv/forecast/models \
    FORECAST_REPORTS=/srv/forecast/reports FORECAST_ADDRESS=0.0.0.0 FORECAST_PORT=8501
USER forecast
VOLUME /srv/forecast
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"FORECAST_PORT\"]}/_stcore/health', timeout=4)"]
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
CMD ["serve"]
