#!/usr/bin/env bash
# Installs Debian packages that are missing, when that is possible; otherwise says in one sentence what to install.
# Usage: install_system.sh PACKAGE...
set -u

missing=()
for package in "$@"; do
  case "$package" in
    chromium-headless-shell) command -v chromium-headless-shell >/dev/null 2>&1 && continue ;;
    default-jre-headless) command -v java >/dev/null 2>&1 && continue ;;
    npm) command -v npm >/dev/null 2>&1 && continue ;;
    *) dpkg -s "$package" >/dev/null 2>&1 && continue ;;
  esac
  missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing ${missing[*]} ..."
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
    exit 0
  fi
fi
echo "Not installed: ${missing[*]}. Tests that need them are skipped; to run them: sudo apt-get install ${missing[*]}"
exit 0
