#!/usr/bin/env bash
# Fetches the Nu Html Checker (one jar file) from the npm registry into .tools/, and checks it against the hash below.
set -u
version=26.9.27
sha256=22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47
jar=.tools/vnu-$version.jar

[ -f "$jar" ] && exit 0
if ! command -v npm >/dev/null 2>&1; then
  echo "The Nu Html Checker is not here: its tests are skipped; to run them, install npm and Java."
  exit 0
fi
mkdir -p .tools
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if (cd "$folder" && npm pack --silent "vnu-jar@$version" >/dev/null && tar -xzf vnu-jar-*.tgz package/build/dist/vnu.jar); then
  found=$(sha256sum "$folder/package/build/dist/vnu.jar" | cut -d' ' -f1)
  if [ "$found" != "$sha256" ]; then
    echo "The Nu Html Checker has another hash than expected: $found. Not used."
    exit 1
  fi
  mv "$folder/package/build/dist/vnu.jar" "$jar"
else
  echo "The Nu Html Checker could not be fetched: its tests are skipped."
fi
exit 0
