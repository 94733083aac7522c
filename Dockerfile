# syntax=docker/dockerfile:1
# Targets: core (images), media (+ ffmpeg), full (+ LibreOffice, fonts; the default).

FROM node:20-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/copy-assets.sh scripts/
COPY src src
# Only --omit=dev: sharp's binary is an optional package. What was compiled needs its sources no more.
RUN npm run build && npm prune --omit=dev --no-fund --no-audit && \
  rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src node_modules/fluent-ffmpeg/coverage node_modules/fluent-ffmpeg/doc && \
  find node_modules/better-sqlite3/build -type f ! -name better_sqlite3.node -delete

FROM node:20-bookworm-slim AS core
RUN apt-get update && apt-get install -y --no-install-recommends \
  fontconfig fonts-wqy-zenhei fonts-wqy-microhei fonts-droid-fallback fonts-arphic-ukai fonts-arphic-uming \
  libheif-examples && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY fixtures/media fixtures/media
# Works for any user: the data directory is writable by all, and nothing else needs to be.
RUN mkdir -p /data /seed && chmod 0777 /data
# More threads than pictures at once: file access must not queue behind decoding.
ENV UV_THREADPOOL_SIZE=16 NODE_ENV=production OSSITE_HOST=0.0.0.0 OSSITE_DATA_DIR=/data HOME=/tmp
USER node
VOLUME /data
EXPOSE 6770
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.OSSITE_PORT || 6770) + '/_ossite/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server/main.js", "start"]

FROM core AS media
USER root
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && apt-get clean && rm -rf /var/lib/apt/lists/*
USER node

FROM media AS full
USER root
RUN apt-get update && apt-get install -y --no-install-recommends \
  libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui \
  poppler-utils poppler-data fonts-liberation fonts-symbola && apt-get clean && rm -rf /var/lib/apt/lists/*
USER node
