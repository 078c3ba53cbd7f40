import { createSecretKey } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openArchive } from "../../src/compose.ts";
import { parseSha256 } from "../../src/core/digest.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { KeyRing } from "../../src/encryption/key-ring.ts";
import { LocalKeyProvider } from "../../src/encryption/local-key-provider.ts";
import { type CallLeg, storeCall } from "./store-call.ts";
import { TEST_CLOCK } from "./test-clock.ts";
import { TEST_CUSTODIAN } from "./test-custodian.ts";

/** The matter that packages are made for. */
export const CASE = "Anna v. Bert";

/** An id that means something to a page, a table, a load file, a path and a terminal, though an archive may have it. */
export const NASTY_ID = `=cmd|' /C calc'!A0 ../../x <script>alert(1)</script> þ®,"\u202e`;

/** What is held for {@link CASE}, and there. */
export const CASE_IDS = ["rec_anna", "rec_anna_2", "rec_bert", NASTY_ID, "rec_sealed"] as const;

/** Words that only stand in what is known of recordings that are none of the case's. */
export const STRANGERS = ["stranger", "4989555", "Fremd", "rec_late", "rec_lost"] as const;

/** What the archive's folder is to be opened with. */
export const CASE_ENV = { CASE_KEY: Buffer.alloc(32, 7).toString("hex") } as const;

const DIGEST = parseSha256("ab".repeat(32));
const NOTICE = {
  announcement: "played",
  announcementText: "<b>This call</b> is recorded",
  consent: "given",
  ground: "=MiFID II art. 16(7)",
  statedBy: "rule",
  rule: "all",
  statedAt: "2024-01-16T00:00:00.000Z",
} as const;

const RECORDINGS: Readonly<Record<string, CallLeg>> = {
  rec_anna: {
    callId: "call_anna",
    evidence: { grade: "vendor-digest", vendorSha256: DIGEST },
    vendor: { from: "+4930111", to: "+4930222", direction: "inbound", completedAt: "2024-01-15T10:36:10.000Z" },
  },
  rec_anna_2: { callId: "call_anna", fixture: "wav-256k-8000-2ch.wav", evidence: { grade: "two-reads", reads: 2 } },
  rec_bert: { callId: "call_bert", fixture: "opus-16k-8000.opus", notice: NOTICE },
  [NASTY_ID]: {
    callId: "@call\n</script>þ\u0014®",
    fixture: "wav-128k-8000.wav",
    vendor: { from: "=1+1\u0014", to: "two\nlines\u2028and <img src=x>" },
  },
  rec_gone: { callId: "call_gone" },
  rec_late: { callId: "call_late", createdAt: "2025-06-01T00:00:00.000Z" },
  rec_stranger: { callId: "call_stranger", vendor: { from: "+4989555", to: "+4930222" } },
  rec_stranger_2: { callId: "call_stranger", createdAt: "2025-07-01T00:00:00.000Z" },
};

/**
 * Makes an archive in `archive` below a folder, with a configuration that opens its encrypted recording by {@link CASE_ENV}: two
 * legs of a call, a recording with a notice, one with {@link NASTY_ID}, an encrypted one, one that was removed and is held with
 * them for {@link CASE}, one whose key was destroyed, another year's, and two that are held for another case.
 */
export async function makeCaseArchive(cwd: string): Promise<void> {
  const options = { clock: TEST_CLOCK, create: true, custodian: TEST_CUSTODIAN };
  const open = (keys?: KeyRing) => openArchive(join(cwd, "archive"), { ...options, keys });
  const archive = await open();
  for (const [id, leg] of Object.entries(RECORDINGS)) {
    const located = await storeCall(archive, id, leg);
    if (id === "rec_gone") await archive.remove(located, { removedBy: "ada", reason: "a rule let it go" });
  }
  await archive.close();
  const key = createSecretKey(Buffer.from(CASE_ENV.CASE_KEY, "hex"));
  const sealed = await open(new KeyRing(new LocalKeyProvider(key, "2025"), []));
  await storeCall(sealed, "rec_sealed", { callId: "call_sealed" });
  const lost = await storeCall(sealed, "rec_lost", { callId: "call_lost" });
  await sealed.destroyKey(lost, { destroyedBy: "ada", reason: "asked for" });
  const [held, others] = [
    [...CASE_IDS, "rec_gone", "rec_never"],
    ["rec_stranger", "rec_anna"],
  ];
  await sealed.record([
    { type: "held", subject: "Fremd", detail: { criteria: toCriteria(others) } },
    { type: "held", subject: CASE, detail: { criteria: toCriteria(held), reason: "a letter" } },
  ]);
  await sealed.close();
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ encryption: ENCRYPTION }));
}

const ENCRYPTION = { key: { environment: "CASE_KEY" }, keyId: "2025" };

function toCriteria(ids: readonly string[]) {
  return { kind: "named", recordingIds: ids.map(parseRecordingId), callIds: [] };
}
