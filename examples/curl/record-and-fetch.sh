#!/usr/bin/env bash
# Records a call, waits for its webhook, then downloads all recordings and checks each. Needs curl, jq and openssl.
#
#   bash record-and-fetch.sh EVENTS.ndjson FOLDER
#
# with AUDIAN_BASE_URL, AUDIAN_API_KEY and AUDIAN_WEBHOOK_SECRET set. EVENTS.ndjson is what a webhook receiver has kept,
# a line each: {"timestamp", "signature", "body"}, the body as the text that came.
set -euo pipefail
: "$AUDIAN_BASE_URL" "$AUDIAN_API_KEY" "$AUDIAN_WEBHOOK_SECRET"
events_file=$1 folder=$2

fail() {
  echo "$*" >&2
  exit 1
}

# Calls the API: the only place that sends the key, which goes by stdin so that no list of processes shows it. Never with
# --location: curl would take X-Auth-Token along to whatever host a redirect names.
api() { # METHOD PATH [curl's options]
  local method=$1 path=$2
  shift 2
  printf 'X-Auth-Token: %s\n' "$AUDIAN_API_KEY" |
    curl --silent --show-error --fail --max-time 30 --header @- --request "$method" "$@" "$AUDIAN_BASE_URL$path"
}

post() { # PATH JSON
  api POST "$1" --header 'Content-Type: application/json' --data "$2"
}

# Has a call recorded for a second.
record_call() {
  local call_id recording_id
  call_id=$(post /calls '{"from": "+14155552671", "to": "+14155552672"}' | jq -re .call_id)
  recording_id=$(post "/calls/$call_id/record/start" '{"format": "mp3", "participant": "all"}' | jq -re .recording_id)
  sleep 1
  api POST "/calls/$call_id/record/stop" >/dev/null
  echo "$recording_id"
}

# Tells whether a webhook is signed with our secret: HMAC-SHA256 of timestamp, a dot and the body as it came. openssl
# takes the secret as an argument, which others on this machine can see: on a shared one use another example.
is_signed() { # WEBHOOK
  local expected
  expected=$(jq -j '"\(.timestamp).\(.body)"' <<<"$1" | openssl dgst -r -sha256 -hmac "$AUDIAN_WEBHOOK_SECRET")
  [ "${expected%% *}" = "$(jq -r .signature <<<"$1")" ]
}

# Prints what the last webhook has said of a recording's end, if there is one; webhooks can come twice.
read_end() { # RECORDING_ID
  local webhook
  webhook=$(jq -Rc --arg id "$1" 'fromjson? | select(.body | fromjson | .data.recording_id == $id and
    (.event == "recording.completed" or .event == "recording.failed"))' "$events_file" | tail -n 1)
  [ -n "$webhook" ] || return 0
  is_signed "$webhook" || fail "a webhook is not signed with our secret"
  jq -r .body <<<"$webhook"
}

wait_for_end() { # RECORDING_ID
  local end
  for _ in {1..120}; do
    end=$(read_end "$1")
    case $(jq -r .event <<<"$end") in
      recording.failed) fail "$1 failed: $(jq -r .data.reason <<<"$end")" ;;
      recording.completed) return ;;
    esac
    sleep 0.5
  done
  fail "no webhook about the end of $1"
}

# Lists the ids of all completed recordings, page by page; pages are small here so that there are several.
list_recordings() {
  local page offset=0
  while true; do
    page=$(api GET "/recordings?limit=2&offset=$offset")
    jq -r '.data[] | select(.status == "completed") | .recording_id' <<<"$page"
    offset=$((offset + $(jq '.data | length' <<<"$page")))
    jq -e '.pagination.has_more and (.data | length > 0)' <<<"$page" >/dev/null || return 0
  done
}

# Downloads from the address that the API redirects to. That is another host: it gets no key.
save_bytes() { # NAME FILE
  local url status
  url=$(api GET "/recordings/$1/download" --output /dev/null --write-out '%{redirect_url}')
  case $url in
    https://*) ;;
    http://*) [[ $AUDIAN_BASE_URL == http://* ]] || fail "$1: redirect from https to http" ;;
    *) fail "$1: no redirect" ;;
  esac
  status=$(curl --silent --show-error --max-time 600 --output "$2" --write-out '%{http_code}' "$url")
  [ "$status" = 200 ] || fail "the bytes of $1: status $status"
}

# Tells the format by the first bytes, which no name and no Content-Type can change.
read_format() { # FILE
  case $(head -c 4 "$1" | od -An -tx1 | tr -d ' \n') in
    52494646) echo wav ;;
    4f676753) echo opus ;;
    494433* | ff[ef]*) echo mp3 ;;
    *) fail "not a recording" ;;
  esac
}

# Downloads a recording; it gets its name only when its sha256 is the one of its webhook.
download() { # RECORDING_ID
  local expected found name format
  expected=$(read_end "$1" | jq -re '.data.checksum | select(.algorithm == "sha256") | .value') ||
    fail "no sha256 in the webhook of $1"
  name=$(jq -rn --arg id "$1" '$id | @uri')
  staged=$folder/$name.part
  save_bytes "$name" "$staged"
  found=$(sha256sum <"$staged")
  [ "${found%% *}" = "$expected" ] || fail "$1 is not what its webhook says"
  format=$(read_format "$staged")
  sync "$staged"
  mv "$staged" "$folder/$name.$format"
  echo "verified $folder/$name.$format"
}

mkdir -p "$folder"
staged=
trap 'rm -f "$staged"' EXIT
new_recording=$(record_call)
wait_for_end "$new_recording"
recordings=$(list_recordings)
for recording_id in $recordings; do
  download "$recording_id"
done
