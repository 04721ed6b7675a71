#!/usr/bin/env bash
# The official Python and JavaScript clients, unchanged, against a real server.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_python_client
install_node_client
start_server

export OPENAI_BASE_URL="$url/v1" OPENAI_API_KEY=unused
"$tools/venv/bin/python" "$root/e2e/clients/client.py"
cp "$root/e2e/clients/client.mjs" "$tools/"
node "$tools/client.mjs"
stop_server
echo "PASS clients"
