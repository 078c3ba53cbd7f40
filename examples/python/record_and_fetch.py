"""Records a call, waits for its webhook, then downloads all recordings and checks each. Needs requests.

    python3 record_and_fetch.py EVENTS.ndjson FOLDER

with AUDIAN_BASE_URL, AUDIAN_API_KEY and AUDIAN_WEBHOOK_SECRET set. EVENTS.ndjson is what a webhook receiver has kept,
a line each: {"timestamp", "signature", "body"}, the body as the text that came.
"""

import hashlib
import hmac
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import requests

BASE_URL = os.environ["AUDIAN_BASE_URL"]
API_KEY = os.environ["AUDIAN_API_KEY"]
WEBHOOK_SECRET = os.environ["AUDIAN_WEBHOOK_SECRET"]
TIMEOUT_SECONDS = 30


def api(method, path, body=None):
    """Calls the API: the only place that sends the key. No reply is shown, for replies may repeat the key.

    requests takes X-Auth-Token along to whatever host a redirect names (it drops Authorization only), so none is
    followed here.
    """
    response = requests.request(
        method,
        BASE_URL + path,
        headers={"X-Auth-Token": API_KEY},
        json=body,
        allow_redirects=False,
        timeout=TIMEOUT_SECONDS,
    )
    if response.status_code >= 400:
        raise RuntimeError(f"{method} {path}: status {response.status_code}")
    return response


def record_call():
    """Has a call recorded for a second."""
    call_id = api("POST", "/calls", {"from": "+14155552671", "to": "+14155552672"}).json()["call_id"]
    settings = {"format": "mp3", "participant": "all"}
    recording_id = api("POST", f"/calls/{call_id}/record/start", settings).json()["recording_id"]
    time.sleep(1)
    api("POST", f"/calls/{call_id}/record/stop")
    return recording_id


def is_signed(webhook):
    """Tells whether a webhook is signed with our secret: HMAC-SHA256 of timestamp, a dot and the body as it came."""
    signed = f"{webhook['timestamp']}.{webhook['body']}".encode()
    expected = hmac.new(WEBHOOK_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), webhook["signature"].encode())


def read_ends(events_file):
    """Reads what webhooks have said of recordings' ends, by recording."""
    ends = {}
    whole_lines = events_file.read_text(encoding="utf-8").split("\n")[:-1]
    for line in whole_lines:
        webhook = json.loads(line)
        if not is_signed(webhook):
            raise RuntimeError("a webhook is not signed with our secret")
        body = json.loads(webhook["body"])
        if body["event"] in ("recording.completed", "recording.failed"):
            ends[body["data"]["recording_id"]] = body
    return ends


def wait_for_end(events_file, recording_id):
    for _ in range(120):
        end = read_ends(events_file).get(recording_id)
        if end is not None and end["event"] == "recording.failed":
            raise RuntimeError(f"{recording_id} failed: {end['data']['reason']}")
        if end is not None:
            return
        time.sleep(0.5)
    raise RuntimeError(f"no webhook about the end of {recording_id}")


def list_recordings():
    """Lists all recordings, page by page; pages are small here so that there are several."""
    offset, has_more = 0, True
    while has_more:
        page = api("GET", f"/recordings?limit=2&offset={offset}").json()
        yield from page["data"]
        offset += len(page["data"])
        has_more = page["pagination"]["has_more"] and page["data"]


def open_bytes(recording_id):
    """Opens the bytes at the address that the API redirects to. That is another host: it gets no key."""
    path = f"/recordings/{quote(recording_id, safe='')}/download"
    location = api("GET", path).headers.get("Location")
    if location is None:
        raise RuntimeError(f"{path}: no redirect")
    url = urljoin(BASE_URL, location)
    if urlsplit(url).scheme not in ("https", urlsplit(BASE_URL).scheme):
        raise RuntimeError(f"{path}: redirect to {urlsplit(url).scheme}")
    response = requests.get(url, allow_redirects=False, stream=True, timeout=TIMEOUT_SECONDS)
    if response.status_code != 200:
        raise RuntimeError(f"the bytes of {recording_id}: status {response.status_code}")
    return response


def to_format(head):
    """Tells the format by the first bytes, which no name and no Content-Type can change."""
    if head == b"RIFF":
        return "wav"
    if head == b"OggS":
        return "opus"
    if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0"):
        return "mp3"
    raise RuntimeError("not a recording")


def download(recording_id, end, folder):
    """Downloads a recording; it gets its name only when its sha256 is the one of its webhook."""
    checksum = (end or {"data": {}})["data"].get("checksum") or {}
    if checksum.get("algorithm") != "sha256":
        raise RuntimeError(f"no sha256 in the webhook of {recording_id}")
    name = quote(recording_id, safe="")
    staged = folder / f"{name}.part"
    digest = hashlib.sha256()
    try:
        with open_bytes(recording_id) as response, staged.open("wb") as file:
            for chunk in response.iter_content(1 << 16):
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != checksum["value"]:
            raise RuntimeError(f"{recording_id} is not what its webhook says")
        with staged.open("rb") as file:
            path = folder / f"{name}.{to_format(file.read(4))}"
        staged.rename(path)
        return path
    finally:
        staged.unlink(missing_ok=True)


def main():
    events_file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    wait_for_end(events_file, record_call())
    ends = read_ends(events_file)
    for recording in list_recordings():
        if recording["status"] == "completed":
            recording_id = recording["recording_id"]
            print(f"verified {download(recording_id, ends.get(recording_id), folder)}")


if __name__ == "__main__":
    main()
