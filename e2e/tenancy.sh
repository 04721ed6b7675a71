#!/usr/bin/env bash
# Runs the example of docs/tenancy.md, from the first key on, as it stands there, except for the port.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start_server

example="$work/example.sh"
awk '/^```/ { inside = ($0 == "```sh"); next } inside { print }' "$root/docs/tenancy.md" > "$example"
sed -i -E \
  -e "s#http://127.0.0.1:8080#$url#g" \
  -e "s#\./troupe (tenants|keys) ([a-z]+)#'$root/troupe' \1 \2 --url $url#g" "$example"

bash -euo pipefail "$example" > "$work/said" 2>&1 || fail "docs/tenancy.md: $(cat "$work/said")"
grep -q 'without a key: 401' "$work/said" || fail "somebody without a key was answered: $(cat "$work/said")"
grep -q 'chat.completion' "$work/said" || fail "nobody answered: $(cat "$work/said")"
grep -qi '^x-ratelimit-remaining-tokens' "$work/said" || fail "no word of limits: $(cat "$work/said")"
! grep -q '"error"' "$work/said" || fail "docs/tenancy.md: $(cat "$work/said")"
stop_server
echo "PASS tenancy"
