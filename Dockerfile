# syntax=docker/dockerfile:1
# Targets: core (pictures), media (+ ffmpeg), full (+ LibreOffice; the default). docs/docker.md shows their use and their sizes.
# What changes with every commit is copied last, so that the engines' layers stay in the cache.

FROM node:20-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/copy-assets.sh scripts/
COPY src src
# Only --omit=dev: sharp's binary is an optional package. What was compiled needs its sources no more.
RUN npm run build && chmod +x dist/server/main.js && npm prune --omit=dev --no-fund --no-audit && \
  rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src node_modules/fluent-ffmpeg/coverage node_modules/fluent-ffmpeg/doc && \
  find node_modules/better-sqlite3/build -type f ! -name better_sqlite3.node -delete

FROM scratch AS app
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY package.json LICENSE /app/
COPY fixtures/media /app/fixtures/media

FROM node:20-bookworm-slim AS core-engines
# tini: as process 1 Node.js would leave what an ended engine leaves behind as zombies.
RUN apt-get update && apt-get install -y --no-install-recommends \
  tini fontconfig fonts-wqy-zenhei fonts-wqy-microhei fonts-droid-fallback fonts-arphic-ukai fonts-arphic-uming \
  libheif-examples && apt-get clean && rm -rf /var/lib/apt/lists/*
# Layers keep whole seconds only: with the directories' own times fontconfig would take its cache for stale, in every container.
RUN find -L /usr/share/fonts /usr/local/share/fonts -type d -exec touch -d 2000-01-01 {} + && fc-cache -f
# Works for any user: the data directory is writable by all, and nothing else needs to be but /tmp.
RUN mkdir -p /data /seed && chmod 0777 /data && ln -s /app/dist/server/main.js /usr/local/bin/ossite
WORKDIR /app
# More threads than pictures at once: file access must not queue behind decoding.
ENV UV_THREADPOOL_SIZE=16 NODE_ENV=production OSSITE_HOST=0.0.0.0 OSSITE_DATA_DIR=/data HOME=/tmp
VOLUME /data
EXPOSE 6770
STOPSIGNAL SIGTERM
# Seeding may take its time: until then a look that fails means nothing.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["ossite", "wait", "--timeout", "0"]
# -s: works as well where tini is not process 1, as with `docker run --init`.
ENTRYPOINT ["tini", "-s", "--"]
CMD ["ossite", "start"]

FROM core-engines AS media-engines
# For output on screens, which nothing here has, ffmpeg depends on Mesa's drivers with LLVM, and for Intel's GPUs on theirs;
# they are loaded by name, and only then. As packages they have 40 MB.
RUN printf 'path-exclude=/usr/lib/*/%s\n' 'dri/*' 'libLLVM*' 'libz3*' 'libmfxhw64*' 'mfx/*' >/etc/dpkg/dpkg.cfg.d/ossite && \
  apt-get update && apt-get install -y --no-install-recommends ffmpeg && apt-get clean && rm -rf /var/lib/apt/lists/*

FROM media-engines AS full-engines
RUN apt-get update && apt-get install -y --no-install-recommends \
  libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui \
  poppler-utils poppler-data fonts-liberation fonts-symbola && apt-get clean && rm -rf /var/lib/apt/lists/* && \
  find -L /usr/share/fonts /usr/local/share/fonts -type d -exec touch -d 2000-01-01 {} + && fc-cache -f

FROM core-engines AS core
COPY --from=app /app /app
USER node

FROM media-engines AS media
COPY --from=app /app /app
USER node

FROM full-engines AS full
COPY --from=app /app /app
USER node
