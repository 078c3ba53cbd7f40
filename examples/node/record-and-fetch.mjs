// Records a call, waits for its webhook, then downloads all recordings and checks each. Node >= 20, nothing to install.
//
//   node record-and-fetch.mjs EVENTS.ndjson FOLDER
//
// with AUDIAN_BASE_URL, AUDIAN_API_KEY and AUDIAN_WEBHOOK_SECRET set. EVENTS.ndjson is what a webhook receiver has kept,
// a line each: {"timestamp", "signature", "body"}, the body as the text that came.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

const { AUDIAN_BASE_URL, AUDIAN_API_KEY, AUDIAN_WEBHOOK_SECRET } = process.env;
const [eventsFile, folder] = process.argv.slice(2);

/** Calls the API: the only place that sends the key. No reply is shown, for replies may repeat the key. */
async function api(method, path, body) {
  const response = await fetch(`${AUDIAN_BASE_URL}${path}`, {
    method,
    headers: { "X-Auth-Token": AUDIAN_API_KEY, ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status >= 400) throw new Error(`${method} ${path}: status ${response.status}`);
  return response;
}

/** Has a call recorded for a second. */
async function recordCall() {
  const call = { from: "+14155552671", to: "+14155552672" };
  const { call_id } = await (await api("POST", "/calls", call)).json();
  const settings = { format: "mp3", participant: "all" };
  const { recording_id } = await (await api("POST", `/calls/${call_id}/record/start`, settings)).json();
  await sleep(1000);
  await api("POST", `/calls/${call_id}/record/stop`);
  return recording_id;
}

/** Tells whether a webhook is signed with our secret: HMAC-SHA256 of timestamp, a dot and the body as it came. */
function isSigned({ timestamp, signature, body }) {
  const expected = createHmac("sha256", AUDIAN_WEBHOOK_SECRET).update(`${timestamp}.${body}`).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Reads what webhooks have said of recordings' ends, by recording. */
async function readEnds() {
  const wholeLines = (await readFile(eventsFile, "utf8")).split("\n").slice(0, -1);
  const ends = new Map();
  for (const line of wholeLines) {
    const webhook = JSON.parse(line);
    if (!isSigned(webhook)) throw new Error("a webhook is not signed with our secret");
    const { event, data } = JSON.parse(webhook.body);
    if (event === "recording.completed" || event === "recording.failed")
      ends.set(data.recording_id, { event, ...data });
  }
  return ends;
}

async function waitForEnd(recordingId) {
  for (let tries = 0; tries < 120; tries += 1) {
    const end = (await readEnds()).get(recordingId);
    if (end?.event === "recording.failed") throw new Error(`${recordingId} failed: ${end.reason}`);
    if (end !== undefined) return;
    await sleep(500);
  }
  throw new Error(`no webhook about the end of ${recordingId}`);
}

/** Lists all recordings, page by page; pages are small here so that there are several. */
async function* listRecordings() {
  for (let offset = 0, hasMore = true; hasMore; ) {
    const { data, pagination } = await (await api("GET", `/recordings?limit=2&offset=${offset}`)).json();
    yield* data;
    offset += data.length;
    hasMore = pagination.has_more && data.length > 0;
  }
}

/** Opens the bytes at the address that the API redirects to. That is another host: it gets no key. */
async function openBytes(recordingId) {
  const path = `/recordings/${encodeURIComponent(recordingId)}/download`;
  const location = (await api("GET", path)).headers.get("location");
  if (location === null) throw new Error(`${path}: no redirect`);
  const url = new URL(location, AUDIAN_BASE_URL);
  const isAllowed = url.protocol === "https:" || url.protocol === new URL(AUDIAN_BASE_URL).protocol;
  if (!isAllowed) throw new Error(`${path}: redirect to ${url.protocol}`);
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(600_000) });
  if (response.status !== 200) throw new Error(`the bytes of ${recordingId}: status ${response.status}`);
  return response.body;
}

/** Tells the format by the first bytes, which no name and no Content-Type can change. */
async function readFormat(path) {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4);
  await file.close();
  const head = buffer.toString("latin1", 0, bytesRead);
  if (head === "RIFF") return "wav";
  if (head === "OggS") return "opus";
  if (/^(?:ID3|\xff[\xe0-\xff])/.test(head)) return "mp3";
  throw new Error("not a recording");
}

/** Downloads a recording; it gets its name only when its sha256 is the one of its webhook. */
async function download(recordingId, checksum) {
  if (checksum?.algorithm !== "sha256") throw new Error(`no sha256 in the webhook of ${recordingId}`);
  const name = encodeURIComponent(recordingId);
  const staged = join(folder, `${name}.part`);
  const hash = createHash("sha256");
  try {
    const hashed = async function* (chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(await openBytes(recordingId), hashed, createWriteStream(staged, { flush: true }));
    if (hash.digest("hex") !== checksum.value) throw new Error(`${recordingId} is not what its webhook says`);
    const path = join(folder, `${name}.${await readFormat(staged)}`);
    await rename(staged, path);
    return path;
  } finally {
    await rm(staged, { force: true });
  }
}

await mkdir(folder, { recursive: true });
await waitForEnd(await recordCall());
const ends = await readEnds();
for await (const { recording_id, status } of listRecordings()) {
  if (status !== "completed") continue;
  console.log(`verified ${await download(recording_id, ends.get(recording_id)?.checksum)}`);
}
