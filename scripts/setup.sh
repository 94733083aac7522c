#!/bin/sh
# Brings a fresh clone to where it can run: npm packages, engines, build. Quick when nothing is missing.
#   setup.sh          for `npm start`: what is missing and can not be installed is told, and the server starts without it
#   setup.sh --dev    for `npm test`: everything is needed
# Everything is told on standard error: standard output belongs to the command that follows.
set -eu
cd "$(dirname "$0")/.."
mode=${1:-start}

say() { echo "ossite setup: $*" >&2; }

# A folder is no proof: the binary must load in this very Node.
packages_work() {
  [ node_modules/.package-lock.json -nt package-lock.json ] && [ -d node_modules/koa ] &&
    node -e "new (require('better-sqlite3'))(':memory:')" 2>/dev/null
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install() {
  say "installing $*"
  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

if ! packages_work; then
  say "installing npm packages (better-sqlite3 may be compiled: about two minutes)"
  npm ci --no-fund --no-audit >&2 || {
    # No ready-made binary for this Node, and nothing to compile one with.
    for tool in python3 make g++; do command -v $tool >/dev/null 2>&1 || tools="${tools:-} $tool"; done
    [ -n "${tools:-}" ] || { say "npm failed; see the messages above"; exit 1; }
    can_install || { say "better-sqlite3 must be compiled: sudo apt-get install --no-install-recommends$tools"; exit 1; }
    install $tools && npm ci --no-fund --no-audit >&2
  }
  packages_work || { say "better-sqlite3 does not load in Node $(node --version); see the messages above"; exit 1; }
fi

missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need ffmpeg ffmpeg
need soffice "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
need pdftoppm "poppler-utils poppler-data"
need heif-enc libheif-examples
# The console is tested in a real browser.
if [ "$mode" = --dev ]; then need chromium chromium; fi
# Without a CJK font Chinese text is empty boxes.
have_font() { [ -e "$1" ] || fc-list "$2" 2>/dev/null | grep -q .; }
have_font /usr/share/fonts/truetype/wqy/wqy-zenhei.ttc ':family=WenQuanYi Zen Hei' || missing="$missing fontconfig fonts-wqy-zenhei"
# The other fonts OSS names, or what stands in for them.
have_font /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ':family=WenQuanYi Micro Hei' || missing="$missing fonts-wqy-microhei"
have_font /usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf ':family=Droid Sans Fallback' || missing="$missing fonts-droid-fallback"
have_font /usr/share/fonts/truetype/arphic/ukai.ttc ':family=AR PL UKai CN' || missing="$missing fonts-arphic-ukai"
have_font /usr/share/fonts/truetype/arphic/uming.ttc ':family=AR PL UMing CN' || missing="$missing fonts-arphic-uming"
have_font /usr/share/fonts/truetype/liberation 'Liberation Sans' || missing="$missing fonts-liberation"
# Emoji in documents; LibreOffice leaves those of colour fonts blank.
have_font /usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf ':family=Symbola' || missing="$missing fonts-symbola"

if [ -n "$missing" ]; then
  if can_install; then
    install $missing || say "apt-get failed; what needs these programs will be refused"
  else
    say "missing:$missing"
    say "on Debian or Ubuntu: sudo apt-get install --no-install-recommends$missing"
    [ "$mode" = --dev ] && { say "the tests need all of them"; exit 1; }
  fi
fi

# Build when a source is newer than the last build.
if [ ! -e dist/.built ] || [ -n "$(find src tsconfig.json tsconfig.build.json package.json -newer dist/.built -print -quit)" ]; then
  say "building"
  npm run --silent build >&2
fi
