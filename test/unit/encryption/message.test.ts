import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { makeDataKey, wrapKey } from "../../../src/encryption/data-key.ts";
import { decryptChunks, encryptChunks, type MessageOptions } from "../../../src/encryption/message.ts";

const MIB = 1 << 20;
const options: MessageOptions = { dataKey: makeDataKey(), context: { recording: "rec_1", file: "original" } };

/** Gives bytes through one buffer that is overwritten at once, as a storage's `read` does. */
async function* toChunks(bytes: Uint8Array, chunkBytes = MIB): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(chunkBytes);
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    const part = bytes.subarray(from, from + chunkBytes);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
    buffer.fill(0xee);
    await setImmediate();
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  return Buffer.concat(parts);
}

const encrypt = (plain: Uint8Array, chunkBytes?: number) =>
  collect(encryptChunks(toChunks(plain, chunkBytes), options));
const decrypt = (cipher: Uint8Array, chunkBytes?: number, how = options) =>
  collect(decryptChunks(toChunks(cipher, chunkBytes), how));

const REFUSED = { code: "ENCRYPTION_TAMPERED" };

test.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 77])("%i bytes come back as they were", async (sizeBytes) => {
  const plain = randomBytes(sizeBytes);
  const cipher = await encrypt(plain, 65_537);
  expect(cipher.length).toBeGreaterThan(sizeBytes);
  expect((await decrypt(cipher, 40_000)).equals(plain)).toBe(true);
  expect((await decrypt(cipher, 5 * MIB)).equals(plain)).toBe(true);
});

test("a message is never the same twice, and its context stands in it in the clear", async () => {
  const plain = Buffer.from("good afternoon");
  const [one, other] = [await encrypt(plain), await encrypt(plain)];
  expect(one.equals(other)).toBe(false);
  expect(one.includes("rec_1")).toBe(true);
  expect(one.includes("good afternoon")).toBe(false);
});

describe("what was changed is found", () => {
  const plain = randomBytes(2 * MIB + 100);
  const message = encrypt(plain);

  test("each byte of the header, of the numbers and lengths of frames, and of their tags", async () => {
    const cipher = await message;
    const headerBytes = cipher.length - 2 * (MIB + 32) - 140;
    const spots = [...Array(headerBytes).keys()].filter((spot) => spot % 3 === 0 || spot < 40);
    for (const from of [headerBytes, headerBytes + MIB + 32]) for (let n = 0; n < 16; n += 3) spots.push(from + n);
    for (let n = 1; n <= 140; n += 5) spots.push(cipher.length - n);
    spots.push(headerBytes + 16 + MIB, headerBytes + 500_000);
    for (const spot of spots) {
      const changed = Buffer.from(cipher);
      changed[spot] = (changed[spot] ?? 0) ^ 0x80;
      await expect(decrypt(changed), `byte ${spot}`).rejects.toMatchObject(REFUSED);
    }
  });

  test("an end that is gone, at any place", async () => {
    const cipher = await message;
    for (const left of [0, 1, 100, 300, MIB, 2 * MIB, cipher.length - 140, cipher.length - 17, cipher.length - 1]) {
      await expect(decrypt(cipher.subarray(0, left)), `${left} bytes`).rejects.toMatchObject(REFUSED);
    }
  });

  test("what stands behind the end, little or much", async () => {
    const cipher = await message;
    for (const extra of [Buffer.alloc(1), cipher]) {
      await expect(decrypt(Buffer.concat([cipher, extra]))).rejects.toMatchObject(REFUSED);
    }
  });

  test("what never ends behind the end is not read for ever", async () => {
    let readBytes = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield await message;
      for (const zeros = Buffer.alloc(MIB); ; readBytes += zeros.length) yield zeros;
    }
    await expect(collect(decryptChunks(endless(), options))).rejects.toMatchObject(REFUSED);
    expect(readBytes).toBeLessThan(64 * MIB);
  });

  test("two frames that have changed places", async () => {
    const cipher = await message;
    const [head, one, two, rest] = cut(cipher, [cipher.length - 2 * (MIB + 32) - 140, MIB + 32, MIB + 32]);
    await expect(decrypt(Buffer.concat([head, two, one, rest]))).rejects.toMatchObject(REFUSED);
    await expect(decrypt(Buffer.concat([head, two, rest]))).rejects.toMatchObject(REFUSED);
    await expect(decrypt(Buffer.concat([head, one, rest]))).rejects.toMatchObject(REFUSED);
  });

  test("the message of another file of the recording, and of another data key", async () => {
    const cipher = await message;
    const derivative = { ...options, context: { ...options.context, file: "opus-32k" } };
    await expect(decrypt(cipher, MIB, derivative)).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('"file":"opus-32k"'),
    });
    await expect(decrypt(cipher, MIB, { ...options, dataKey: makeDataKey() })).rejects.toMatchObject(REFUSED);
  });

  test("what is authentic comes before the place that is not, and no byte behind it", async () => {
    const cipher = Buffer.from(await message);
    cipher[cipher.length - 1] = (cipher[cipher.length - 1] ?? 0) ^ 1;
    const seen: Uint8Array[] = [];
    const reading = async () => {
      for await (const chunk of decryptChunks(toChunks(cipher), options)) seen.push(Uint8Array.from(chunk));
    };
    await expect(reading()).rejects.toMatchObject(REFUSED);
    expect(Buffer.concat(seen).equals(plain.subarray(0, 2 * MIB))).toBe(true);
  });
});

describe("the client of the SDK itself, which reads and writes with streams", async () => {
  const sdk = await import("@aws-crypto/client-node");
  const client = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const keyring = new sdk.RawAesKeyringNode({
    keyNamespace: "holdfast",
    keyName: "data-key",
    unencryptedMasterKey: Uint8Array.from(options.dataKey.export()),
    wrappingSuite: sdk.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const writeMessage = async (plain: Uint8Array, frameLength: number) => {
    const suiteId = sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
    const how = { suiteId, frameLength, encryptionContext: { ...options.context } };
    return (await client.encrypt(keyring, plain, how)).result;
  };

  test.each([0, MIB, MIB + 9])("reads a message of %i bytes", async (sizeBytes) => {
    const plain = randomBytes(sizeBytes);
    const { plaintext, messageHeader } = await client.decrypt(keyring, await encrypt(plain));
    expect(sha256(plaintext)).toBe(sha256(plain));
    expect({ ...messageHeader.encryptionContext }).toEqual(options.context);
  });

  test.each([MIB, 4096])("is read, with frames of %i bytes", async (frameLength) => {
    const plain = randomBytes(MIB + 9);
    expect(sha256(await decrypt(await writeMessage(plain, frameLength)))).toBe(sha256(plain));
  });

  test("is refused where its frames would take more memory than ours", async () => {
    await expect(decrypt(await writeMessage(randomBytes(10), MIB + 1))).rejects.toMatchObject(REFUSED);
  });
});

describe.each([
  { name: "encrypting", through: encryptChunks, input: async () => randomBytes(4 * MIB) },
  { name: "decrypting", through: decryptChunks, input: () => encrypt(randomBytes(4 * MIB)) },
])("$name leaves nothing open", ({ through, input }) => {
  test.each([0, 1, 3])("when the source fails after %i chunks, whose error it is", async (good) => {
    const bytes = await input();
    const source = watch(bytes, good);
    await expect(collect(through(source.chunks(), options))).rejects.toBe(source.error);
    expect(source.isEnded()).toBe(true);
  });

  test("when nobody wants more", async () => {
    const source = watch(await input());
    for await (const chunk of through(source.chunks(), options)) if (chunk.length > 1000) break;
    expect(source.isEnded()).toBe(true);
    expect(source.count()).toBeLessThan(4);
  });
});

/** A source that fails after some chunks, and knows whether it was let go. */
function watch(bytes: Buffer, good = Number.POSITIVE_INFINITY) {
  const error = new Error("the disk is gone");
  let isEnded = false;
  let count = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of toChunks(bytes)) {
        if (count >= good) throw error;
        count += 1;
        yield chunk;
      }
    } finally {
      isEnded = true;
    }
  }
  return { chunks, error, isEnded: () => isEnded, count: () => count };
}

function cut(bytes: Buffer, sizes: readonly number[]): readonly [Buffer, Buffer, Buffer, Buffer] {
  const [a = 0, b = 0, c = 0] = sizes;
  return [bytes.subarray(0, a), bytes.subarray(a, a + b), bytes.subarray(a + b, a + b + c), bytes.subarray(a + b + c)];
}

const python = ["python3", "/usr/bin/python3"].find(
  (program) => spawnSync(program, ["-c", "import cryptography.hazmat.primitives.keywrap"]).status === 0,
);

describe.skipIf(python === undefined)("another reader (skipped where there is no python3-cryptography)", () => {
  const kek = makeDataKey();
  const read = (cipher: Buffer, key = kek) =>
    spawnSync(
      python ?? "",
      [
        "test/helpers/esdk-reader.py",
        key.export().toString("hex"),
        wrapKey(options.dataKey, kek).toString("base64"),
        JSON.stringify(options.context),
      ],
      { input: cipher, maxBuffer: 64 * MIB },
    );

  test.each([0, 5, 2 * MIB, 2 * MIB + 5])(
    "reads a message of %i bytes with RFC 3394 and the key alone",
    async (size) => {
      const plain = randomBytes(size);
      const { status, stdout, stderr } = read(await encrypt(plain));
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: "" });
      expect(sha256(stdout)).toBe(sha256(plain));
    },
  );

  test("and refuses one that was changed, and another key", async () => {
    const cipher = await encrypt(randomBytes(MIB));
    expect(read(cipher, makeDataKey()).status).not.toBe(0);
    cipher[cipher.length - 1] = (cipher[cipher.length - 1] ?? 0) ^ 1;
    expect(read(cipher).status).not.toBe(0);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
