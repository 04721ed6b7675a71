#!/usr/bin/env bash
# Runs every example of README.md that talks to a server, as it stands there, except for the port.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_python_client
install_node_client
start_server

# Each fenced block becomes a file named by its number and language.
awk -v dir="$work" '
  /^```/ { if (out) { close(out); out = "" } else if (length($0) > 3) out = dir "/" (++n) "." substr($0, 4); next }
  out { print > out }
' "$root/README.md"

ran=0
for example in "$work"/*.sh "$work"/*.python "$work"/*.js; do
  grep -q '127.0.0.1:8080' "$example" || continue
  sed -i "s#http://127.0.0.1:8080#$url#g" "$example"
  case "$example" in
    *.sh) run=(bash -euo pipefail "$example") ;;
    *.python) run=("$tools/venv/bin/python" "$example") ;;
    *.js)
      cp "$example" "$tools/readme.mjs"
      run=(node "$tools/readme.mjs")
      ;;
  esac
  "${run[@]}" > "$work/said" 2>&1 || fail "$(basename "$example"): $(cat "$work/said")"
  [ -s "$work/said" ] || fail "$(basename "$example") said nothing"
  ! grep -q '"error"' "$work/said" || fail "$(basename "$example"): $(cat "$work/said")"
  ran=$((ran + 1))
done
[ "$ran" -ge 5 ] || fail "only $ran examples found in README.md"
stop_server
echo "PASS readme ($ran examples)"
