import { describe, expect, test } from "vitest";
import { parseSha256 } from "../../../src/core/digest.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import {
  findExpected,
  findProof,
  gradeEvidence,
  type PromisedDigest,
  type Promises,
  type Received,
  toPromises,
} from "../../../src/ingest/promises.ts";
import type { RemoteRecording } from "../../../src/vendor/recording-source.ts";

const [A, B] = [parseSha256("aa".repeat(32)), parseSha256("bb".repeat(32))];

const inList = (sha256 = A): PromisedDigest => ({ sha256, by: "list" });
const inWebhook = (signature: PromisedDigest["signature"] = "verified", sha256 = A): PromisedDigest => ({
  sha256,
  by: "webhook",
  ...(signature === undefined ? {} : { signature }),
});

/** Bytes with the digest A, ten of them, as promised. */
const grade = (
  digests: readonly PromisedDigest[],
  received: Partial<Received> = {},
  sizeBytes: number | undefined = 10,
) => gradeEvidence({ subject: "rec_1", digests, sizeBytes }, { sizeBytes: 10, sha256: A, ...received });

describe("what is known of bytes is graded by what was checked, and no better", () => {
  const size = { vendorSizeBytes: 10 };
  test.each([
    ["a digest in the list", grade([inList()]), { grade: "vendor-digest", vendorSha256: A, ...size }],
    [
      "a signed webhook",
      grade([inWebhook()]),
      { grade: "vendor-digest", vendorSha256: A, webhookSignature: "verified", ...size },
    ],
    [
      "a webhook that nobody could check",
      grade([inWebhook("not-checked")]),
      { grade: "vendor-digest", vendorSha256: A, webhookSignature: "not-checked", ...size },
    ],
    [
      "a webhook that should have been signed and was not",
      grade([inWebhook("unsigned")]),
      { grade: "size-only", vendorSha256: A, webhookSignature: "unsigned", ...size },
    ],
    [
      "such a webhook and the list",
      grade([inWebhook("unsigned"), inList()]),
      { grade: "vendor-digest", vendorSha256: A, webhookSignature: "unsigned", ...size },
    ],
    [
      "such a webhook and the server's own digest",
      grade([inWebhook("unsigned")], { httpSha256: A }),
      { grade: "http-digest", vendorSha256: A, webhookSignature: "unsigned", httpSha256: A, ...size },
    ],
    ["the server's own digest", grade([], { httpSha256: A }), { grade: "http-digest", httpSha256: A, ...size }],
    [
      "the vendor's and the server's",
      grade([inList()], { httpSha256: A }),
      { grade: "vendor-digest", vendorSha256: A, httpSha256: A, ...size },
    ],
    ["two reads", grade([], { secondSha256: A }), { grade: "two-reads", reads: 2, ...size }],
    [
      "two reads and the server's own digest",
      grade([], { secondSha256: A, httpSha256: A }),
      { grade: "http-digest", httpSha256: A, reads: 2, ...size },
    ],
    ["the size", grade([]), { grade: "size-only", ...size }],
  ])("%s", (_what, evidence, expected) => {
    expect(evidence).toEqual(expected);
  });

  test("nothing", () => {
    const promises: Promises = { subject: "rec_1", digests: [], sizeBytes: undefined };
    const received = { sizeBytes: 10, sha256: A };
    expect(gradeEvidence(promises, received)).toEqual({ grade: "none" });
    expect(gradeEvidence(promises, { ...received, secondSha256: A })).toEqual({ grade: "two-reads", reads: 2 });
  });
});

describe("what contradicts the bytes is no evidence but an error", () => {
  test.each<[string, readonly PromisedDigest[], Partial<Received>]>([
    ["the list", [inList(B)], {}],
    ["a signed webhook", [inWebhook("verified", B)], {}],
    ["an unsigned webhook", [inWebhook("unsigned", B)], {}],
    ["one of two webhooks", [inWebhook(), inWebhook("verified", B)], {}],
    ["the list, against a webhook", [inWebhook(), inList(B)], {}],
    ["the server", [], { httpSha256: B }],
    ["the server, against the list", [inList()], { httpSha256: B }],
    ["the second reading", [], { secondSha256: B }],
    ["the second reading, against the server", [], { httpSha256: A, secondSha256: B }],
  ])("%s", (_what, digests, received) => {
    expect(() => grade(digests, received)).toThrow(
      expect.objectContaining({ code: "DIGEST_MISMATCH", subject: "rec_1", expected: B, found: A }),
    );
  });

  test.each<[string, Partial<Received>]>([
    ["nothing else", {}],
    ["two reads", { secondSha256: A }],
  ])("a size, with %s", (_what, received) => {
    expect(() => grade([], received, 11)).toThrow(
      expect.objectContaining({ code: "SIZE_MISMATCH", expectedBytes: 11, foundBytes: 10 }),
    );
    expect(() => grade([inWebhook("unsigned")], received, 11)).toThrow(
      expect.objectContaining({ code: "SIZE_MISMATCH" }),
    );
  });

  test("a size is what is wrong where bytes that no digest speaks for have another one", () => {
    const short = expect.objectContaining({ code: "SIZE_MISMATCH", expectedBytes: 11, foundBytes: 10 });
    expect(() => grade([inList(B)], {}, 11)).toThrow(short);
    expect(() => grade([], { secondSha256: B }, 11)).toThrow(short);
    const contradicted = expect.objectContaining({ code: "DIGEST_MISMATCH" });
    expect(() => grade([inList(B), inWebhook()], {}, 11)).toThrow(contradicted);
  });

  test("a size does not contradict what a digest proves", () => {
    expect(grade([inList()], {}, 11)).toMatchObject({ grade: "vendor-digest", vendorSizeBytes: 11 });
    expect(grade([], { httpSha256: A }, 11)).toMatchObject({ grade: "http-digest", vendorSizeBytes: 11 });
  });
});

describe("what is promised before the bytes come", () => {
  const remote: RemoteRecording = {
    recordingId: parseRecordingId("rec_1"),
    callId: "call_1",
    status: "completed",
    createdAtMs: 0,
    completedAtMs: undefined,
    durationSeconds: undefined,
    sizeBytes: 10,
    format: undefined,
    bitrateKbps: undefined,
    sampleRateHz: undefined,
    channels: undefined,
    sha256: A,
    ...{ from: undefined, to: undefined, direction: undefined },
  };

  test("is what the list and all webhooks say", () => {
    const event = { sha256: undefined, claims: [A, B], signature: "verified" as const };
    expect(toPromises(remote, event)).toEqual({
      subject: "rec_1",
      digests: [inWebhook("verified", A), inWebhook("verified", B), inList(A)],
      sizeBytes: 10,
    });
    expect(toPromises({ ...remote, sha256: undefined }, undefined)).toMatchObject({ digests: [] });
  });

  test.each<[string, readonly PromisedDigest[], string | undefined, string | undefined]>([
    ["none", [], undefined, undefined],
    ["the list's", [inList()], A, A],
    ["two that agree", [inWebhook(), inList()], A, A],
    ["two that do not", [inWebhook(), inList(B)], undefined, A],
    ["one that proves nothing", [inWebhook("unsigned")], A, undefined],
  ])("%s: what is expected, and what would prove it", (_what, digests, expected, proof) => {
    expect(findExpected({ subject: "rec_1", digests, sizeBytes: undefined })).toBe(expected);
    expect(findProof(digests)?.sha256).toBe(proof);
  });
});
