import { inspect } from "node:util";
import { expect, test } from "vitest";
import { toStorageKey } from "../../../src/core/storage-key.ts";
import { NotFoundError, StorageUnavailableError } from "../../../src/io/errors.ts";
import { tryParseS3Place } from "../../../src/storage/s3/s3-place.ts";
import { S3Reader } from "../../../src/storage/s3/s3-reader.ts";
import { openTinyS3, TEST_KEYS, useS3Endpoint } from "../../helpers/tiny-s3.ts";

const KEY = toStorageKey("recordings", "2024", "a%20b~1.mp3");

async function readAll(location: string, signal?: AbortSignal): Promise<Buffer> {
  const place = tryParseS3Place(location);
  if (place === undefined) throw new Error("no place");
  const reader = await S3Reader.open(place, { timeoutMs: 5000 });
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of reader.read(KEY, signal)) chunks.push(Uint8Array.from(chunk));
  } finally {
    await reader.close();
  }
  return Buffer.concat(chunks);
}

function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("an object is asked for by its key behind the prefix, with the bucket in the path", async () => {
  const bytes = Buffer.alloc(300_000, "x");
  const requests = await openTinyS3({ [`vault/copies/2026/${KEY}`]: bytes });
  expect(await readAll("s3://vault/copies/2026/")).toEqual(bytes);
  expect(requests).toEqual([`GET /vault/copies/2026/recordings/2024/a%2520b~1.mp3`]);
});

test("an empty object has no bytes, and one that is not there is not found", async () => {
  await openTinyS3({ [`vault/${KEY}`]: Buffer.alloc(0) });
  expect(await readAll("s3://vault")).toEqual(Buffer.alloc(0));
  const error = await caught(readAll("s3://vault/other"));
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error).toHaveProperty("message", `not found: s3://vault/other/${KEY}`);
});

test.each(["AccessDenied", "NoSuchBucket", "SignatureDoesNotMatch"])(
  "%s is told of, and no secret with it",
  async (code) => {
    await openTinyS3({ [`vault/${KEY}`]: { status: code === "NoSuchBucket" ? 404 : 403, code } });
    const error = await caught(readAll("s3://vault"));
    expect(error).toBeInstanceOf(StorageUnavailableError);
    expect(error).toHaveProperty("message", `${code} for s3://vault/${KEY}`);
    expect(JSON.stringify(error)).not.toContain(TEST_KEYS.secretAccessKey);
  },
);

test("a server that is not there is told of", async () => {
  useS3Endpoint("http://127.0.0.1:1");
  const error = await caught(readAll("s3://vault"));
  expect(error).toHaveProperty("message", `ECONNREFUSED for s3://vault/${KEY}`);
  expect(inspect(error, { depth: 9 })).not.toContain(TEST_KEYS.secretAccessKey);
});

test("a body that breaks off is no object", async () => {
  await openTinyS3({ [`vault/${KEY}`]: Buffer.alloc(300_000, "x") }, { lostBytes: 1 });
  expect(await caught(readAll("s3://vault"))).toBeInstanceOf(StorageUnavailableError);
});

test("a read that is cancelled rejects with the reason", async () => {
  await openTinyS3({ [`vault/${KEY}`]: Buffer.alloc(10) });
  expect(await caught(readAll("s3://vault", AbortSignal.abort(new Error("enough"))))).toHaveProperty(
    "message",
    "enough",
  );
});

test.each([
  ["s3://vault", "vault", "", "s3://vault"],
  ["s3://vault/", "vault", "", "s3://vault"],
  ["s3://vault/a/b//", "vault", "a/b/", "s3://vault/a/b"],
  ["s3://Old_Vault.x/ä b", "Old_Vault.x", "ä b/", "s3://Old_Vault.x/ä b"],
])("%j is a place", (text, bucket, prefix, location) => {
  expect(tryParseS3Place(text)).toEqual({ bucket, prefix, location });
});

test.each(["s3://", "s3:///a", "s3://user:secret@vault/a", "s3://ab", "vault", "https://vault/a"])(
  "%j is none",
  (text) => {
    expect(tryParseS3Place(text)).toBeUndefined();
  },
);
