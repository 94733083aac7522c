#!/bin/sh
# What tsc leaves behind: shell scripts that stand beside the code that runs them.
set -eu
cd "$(dirname "$0")/../src"
find . -name '*.sh' | while read -r file; do
  mkdir -p "../dist/$(dirname "$file")"
  cp -p "$file" "../dist/$file"
done
