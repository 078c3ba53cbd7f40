import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hashFiles } from "../../../src/review/browser/check/hash-files.ts";

/** A file as browsers give it, some as a stream of bytes and others as a stream of chunks. */
function toFile(path: string, toStream: () => ReadableStream) {
  return { path, file: { stream: toStream } as unknown as File };
}

const CHUNKS = ["first, ", "second, ", "third"].map((text) => new TextEncoder().encode(text));
const SHA256 = createHash("sha256").update("first, second, third").digest("hex");

function toStream(type: "bytes" | undefined, end: (controller: ReadableStreamDefaultController) => void) {
  const left = CHUNKS.values();
  const pull = (controller: ReadableStreamDefaultController) => {
    const { value } = left.next();
    if (value !== undefined) return controller.enqueue(value.slice());
    end(controller);
    // A byte stream that ends answers what was asked of it (Streams Standard, section 4.7.3).
    (controller as unknown as ReadableByteStreamController).byobRequest?.respond(0);
  };
  return new ReadableStream({ type, pull } as { pull: typeof pull });
}

test.each(["bytes", undefined] as const)("a stream of type %s gives the digest, or that it broke off", async (type) => {
  const fail = (controller: ReadableStreamDefaultController) => controller.error(new TypeError("network error"));
  const whole = () => toStream(type, (controller) => controller.close());
  const read = { files: 0, bytes: 0 };
  const files = [toFile("a", whole), toFile("broken", () => toStream(type, fail)), toFile("b", whole)];
  const digests = await hashFiles([...files, toFile("c", whole), toFile("d", whole)], ({ files, bytes }) => {
    read.files += files;
    read.bytes += bytes;
  });
  expect(Object.fromEntries(digests)).toEqual({ a: SHA256, b: SHA256, broken: undefined, c: SHA256, d: SHA256 });
  expect(read).toEqual({ files: 5, bytes: 5 * "first, second, third".length });
});
