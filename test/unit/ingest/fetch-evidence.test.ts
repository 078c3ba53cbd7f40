import { describe, expect, test } from "vitest";
import { readFixture } from "../../helpers/store-recording.ts";
import { completed, openFetchRig, sha256Of, toFlipped } from "./fetch-rig.ts";
import { whole } from "./transfer/transfer-rig.ts";

const STORED = ["recordings/2024/01/15/rec_1.json", "recordings/2024/01/15/rec_1.wav"];
const bytes = await readFixture("wav-256k-16000.wav");
const sha256 = sha256Of(bytes);
const REPR = `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`;
const proven = { events: [completed("rec_1", sha256)] };

describe("evidence in the sidecar", () => {
  const size = { vendorSizeBytes: bytes.length };

  test("of the server's own digest", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes, answers: [whole({ "repr-digest": REPR }, bytes)] });
    expect((await rig.fetch()).results).toMatchObject([{ evidence: "http-digest" }]);
    expect((await rig.readSidecar("rec_1")).evidence).toEqual({ grade: "http-digest", httpSha256: sha256, ...size });
  });

  test("that the server's own digest contradicts is none", async () => {
    const rig = await openFetchRig({
      id: "rec_1",
      bytes,
      answers: [whole({ "repr-digest": REPR }, toFlipped(bytes, 5000))],
    });
    const { failures, findings } = await rig.fetch();
    expect([failures, findings]).toMatchObject([[{ code: "DIGEST_MISMATCH" }], [{ kind: "digest-mismatch" }]]);
  });

  test("of two reads", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const { results } = await rig.fetch({ limits: { readsTwice: true } });
    expect([results, rig.downloads().length]).toMatchObject([[{ evidence: "two-reads", attempts: 1 }], 2]);
    expect((await rig.readSidecar("rec_1")).evidence).toEqual({ grade: "two-reads", reads: 2, ...size });
  });

  test("of two reads that differ is none, and they are made again", async () => {
    const rig = await openFetchRig({
      id: "rec_1",
      bytes,
      answers: [whole({}, bytes), whole({}, toFlipped(bytes, 5000)), whole({}, bytes)],
    });
    const { results, findings } = await rig.fetch({ limits: { readsTwice: true } });
    expect(results).toMatchObject([{ status: "fetched", evidence: "two-reads", attempts: 2, sha256 }]);
    expect([findings, rig.downloads().length, await rig.tree()]).toEqual([[], 4, STORED]);
  });

  test("of two reads that differ each time in another way is sought further", async () => {
    const others = [5000, 6000].map((offset) => whole({}, toFlipped(bytes, offset)));
    const answers = others.flatMap((other) => [whole({}, bytes), other]);
    const rig = await openFetchRig({ id: "rec_1", bytes, answers: [...answers, whole({}, bytes)] });
    const { results } = await rig.fetch({ limits: { readsTwice: true } });
    expect(results).toMatchObject([{ status: "fetched", evidence: "two-reads", attempts: 3 }]);
  });

  test("of the vendor's digest needs no second read", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const { results } = await rig.fetch({ ...proven, limits: { readsTwice: true } });
    expect([results, rig.downloads().length]).toMatchObject([[{ evidence: "vendor-digest" }], 1]);
    const told = { vendorSha256: sha256, webhookSignature: "verified", ...size };
    expect((await rig.readSidecar("rec_1")).evidence).toEqual({ grade: "vendor-digest", ...told });
  });

  test("of a digest in the list", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes, says: { checksum: { algorithm: "sha256", value: sha256 } } });
    await rig.fetch();
    expect((await rig.readSidecar("rec_1")).evidence).toEqual({
      grade: "vendor-digest",
      vendorSha256: sha256,
      ...size,
    });
  });

  test("of a webhook that should have been signed is its size alone", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    const { results } = await rig.fetch({ events: [completed("rec_1", sha256, "unsigned")] });
    expect(results).toMatchObject([{ evidence: "size-only" }]);
  });
});

describe("a webhook that comes after the recording was fetched", () => {
  test("proves it, without fetching it again", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    await rig.fetch();
    const before = await rig.readSidecar("rec_1");
    const { results, counts, outcome } = await rig.fetch(proven);
    expect([outcome, counts.skipped, rig.downloads().length]).toEqual(["ok", 1, 1]);
    expect(results).toMatchObject([{ status: "already", evidence: "vendor-digest", attempts: 0 }]);
    const evidence = { grade: "vendor-digest", vendorSha256: sha256, webhookSignature: "verified" };
    expect(await rig.readSidecar("rec_1")).toEqual({ ...before, evidence: { ...before.evidence, ...evidence } });
    // The sidecar that was written anew is the one that is catalogued.
    expect((await rig.fetch(proven)).results).toMatchObject([{ status: "already", evidence: "vendor-digest" }]);
  });

  test("proves nothing when it should have been signed and was not", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    await rig.fetch();
    const { results } = await rig.fetch({ events: [completed("rec_1", sha256, "unsigned")] });
    expect(results).toMatchObject([{ status: "already", evidence: "size-only" }]);
  });

  test("and contradicts it is a finding, and changes nothing", async () => {
    const rig = await openFetchRig({ id: "rec_1", bytes });
    await rig.fetch();
    const before = await rig.readSidecar("rec_1");
    const expected = "cd".repeat(32);
    const { findings, outcome } = await rig.fetch({ events: [completed("rec_1", expected)] });
    const detail = { algorithm: "sha256", expected, found: sha256 };
    expect([outcome, findings]).toMatchObject(["findings", [{ kind: "digest-mismatch", subject: "rec_1", detail }]]);
    expect([await rig.readSidecar("rec_1"), await rig.tree()]).toEqual([before, STORED]);
  });
});
