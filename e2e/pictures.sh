#!/usr/bin/env bash
# OpenAI's Python and JavaScript clients, unchanged, against pictures of a real server: one that is started here, or, with an argument, one that runs.
#   e2e/pictures.sh [URL]
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

install_python_client
install_node_client
if [ $# -gt 0 ]; then
  url="$1"
else
  # The tests' own model: a whole Stable Diffusion, tiny and with random weights.
  start_server --image-model "$root/image-worker/src/test/resources/goldens/tiny-sd"
fi

export OPENAI_BASE_URL="$url/v1" OPENAI_API_KEY="${OPENAI_API_KEY:-unused}"
samples="$root/image-worker/src/test/resources/dev/troupe/image/codec"
"$tools/venv/bin/python" "$root/e2e/pictures.py" "$samples"
cp "$root/e2e/pictures.mjs" "$tools/"
node "$tools/pictures.mjs" "$samples"

# By hand, as the documentation says it.
body="$(curl -sf "$url/v1/generate-image" -H 'content-type: application/json' -H "authorization: Bearer $OPENAI_API_KEY" \
  -d '{"prompt": "a red boat"}')"
id="$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["image_id"])' "$body")"
curl -sf "$url/v1/generate-image" -H 'content-type: application/json' -H "authorization: Bearer $OPENAI_API_KEY" \
  -d '{"prompt": "make it blue", "previous_image_id": "'"$id"'"}' | grep -q '"parent":"'"$id"'"' || fail "a turn knows its parent"
stop_server
echo "PASS pictures"
