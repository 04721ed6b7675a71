# Shared by the scripts here, which source it: starts a real server on a free port, and ends it whatever happens.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
tools="$root/e2e/target"
work="$(mktemp -d)"
server=""
mkdir -p "$tools"

fail() {
  echo "FAIL: $1" >&2
  exit 1
}

stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2> /dev/null || true
  wait "$server" || fail "the server ended with exit code $?"
  server=""
}

clean_up() {
  local code=$?
  if [ -n "$server" ]; then
    kill -9 "$server" 2> /dev/null || true
    echo "--- what the server said:" >&2
    tail -n 30 "$work/server.log" >&2
  fi
  rm -rf "$work"
  exit "$code"
}
trap clean_up EXIT

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_server [OPTION…]: sets $url when the server is ready to answer.
start_server() {
  "$root/troupe" --version > /dev/null
  local port began=$SECONDS
  port="$(free_port)"
  url="http://127.0.0.1:$port"
  # With a database of its own, so that a server of the user's may run beside it.
  "$root/troupe" serve --port "$port" --db-url "jdbc:h2:file:$work/db/troupe" "$@" > "$work/server.log" 2>&1 &
  server=$!
  # Ten minutes: the first start downloads the model.
  until curl -sf "$url/health/ready" > /dev/null; do
    kill -0 "$server" 2> /dev/null || fail "the server did not start: $(tail -n 5 "$work/server.log")"
    [ $((SECONDS - began)) -lt 600 ] || fail "the server is not ready after ten minutes"
    sleep 0.2
  done
  echo "server ready after $((SECONDS - began)) s at $url"
}

# Clients of the outside world, at the versions that are tested.
install_python_client() {
  [ -x "$tools/venv/bin/python" ] || python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install -q --disable-pip-version-check -r "$root/e2e/clients/requirements.txt"
}

install_node_client() {
  cp "$root/e2e/clients/package.json" "$root/e2e/clients/package-lock.json" "$tools/"
  (cd "$tools" && npm ci --silent --no-fund --no-audit)
}
