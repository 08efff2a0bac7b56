# a tag, which its makers move with each fix; to pin it: --build-arg PYTHON=python:3.13-slim@sha256:...
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/circle-take \
    && /opt/circle-take/bin/pip install --no-cache-dir --require-hashes --requirement requirements/run.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY domain domain
COPY db db
COPY bot bot
COPY cogs cogs
COPY sandbox sandbox
RUN /opt/circle-take/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${PYTHON}
RUN useradd --system --uid 10001 --home-dir /data circle-take \
    && install --directory --owner circle-take --group circle-take /data
COPY --from=build /opt/circle-take /opt/circle-take
ENV PATH=/opt/circle-take/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_PATH=/data/circle-take.sqlite3 \
    METRICS_PORT=9109
USER circle-take
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"METRICS_PORT\"]}/healthz', timeout=4)"]
CMD ["circle-take", "run"]
