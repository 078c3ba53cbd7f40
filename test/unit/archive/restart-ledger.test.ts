import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HoldsLostError } from "../../../src/archive/errors.ts";
import {
  planRestart,
  type RestartOptions,
  type RestartPorts,
  runRestart,
} from "../../../src/archive/restart-ledger.ts";
import { openRestart, toInbox } from "../../../src/compose.ts";
import { NothingToDoError } from "../../../src/core/errors.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";
import { FsStorage } from "../../../src/storage/fs/fs-storage.ts";
import type { Aside } from "../../../src/storage/storage.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { openTestArchive } from "../../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { TEST_CLOCK } from "../../helpers/test-clock.ts";
import { TEST_CUSTODIAN } from "../../helpers/test-custodian.ts";

const LATER = { now: () => TEST_CLOCK.now() + 86_400_000 };
const HELD = parseRecordingId("rec_1");

/** Makes an archive: `rec_1` is held for Smith, Jones was let go, and `rec_2` was removed. */
async function makeHeldArchive() {
  const folder = await makeTemporaryFolder();
  const root = join(folder, "archive");
  const archive = await openTestArchive(folder);
  const bytes = await readFixture("opus-16k-8000.opus");
  await storeRecording(archive, HELD, bytes);
  await archive.remove(await storeRecording(archive, "rec_2", bytes), { removedBy: "ada", reason: "its age" });
  const criteria = { kind: "named", recordingIds: [HELD], callIds: [] };
  const [jones] = await archive.record([{ type: "held", subject: "Jones", detail: { criteria } }]);
  const detail = { holds: [jones?.seq], reason: "settled", approvedBy: ["bob"] };
  await archive.record([
    { type: "held", subject: "Smith", detail: { criteria, reason: "a letter" } },
    { type: "released", subject: "Jones", detail },
  ]);
  const { holds } = await archive.holds();
  await archive.close();
  const ledger = join(root, "ledger");
  return { folder, root, ledger, events: join(ledger, "events.ndjson"), holds };
}

async function openPorts(
  root: string,
  custodian = { ...TEST_CUSTODIAN, actor: "bob@bletchley" },
): Promise<RestartPorts> {
  const ports = await openRestart(root, { clock: LATER, custodian });
  onTestFinished(() => ports.catalogue.close());
  return ports;
}

/** Restarts in one go, as another process would. */
async function restart(root: string, options: Partial<RestartOptions> = {}) {
  const ports = await openPorts(root);
  try {
    const plan = await planRestart(ports);
    return { plan, ...(await runRestart(ports, plan, { reason: "bit rot", acceptLostHolds: false, ...options })) };
  } finally {
    await ports.catalogue.close();
  }
}

/** What anybody can rely on after a restart: the hold stands, the ledger is sound and tells of every recording. */
async function expectSound(folder: string) {
  const archive = await openTestArchive(folder);
  await expect(archive.assertFree(HELD, "remove")).rejects.toThrow("held for Smith");
  expect((await archive.checkLedger()).findings).toEqual([]);
  const { holds } = await archive.holds();
  await archive.close();
  expect((await listTree(join(folder, "archive"))).filter((path) => path.startsWith("ledger.new"))).toEqual([]);
  return holds;
}

const withoutSeq = (holds: readonly object[]) => holds.map((hold) => ({ ...hold, seq: 0 }));

test("a new ledger has the holds with who held first and when, also the second time, and the old one lies aside as it was", async () => {
  const { folder, root, events, ledger, holds } = await makeHeldArchive();
  for (const count of [1, 2]) {
    await writeFile(join(ledger, "checkpoints", "junk"), "no note");
    const before = await readFile(events);
    const { plan, quarantinedAs } = await restart(root);
    expect([plan.problem, plan.old?.doubts]).toEqual(["it stands among the checkpoints and is none", []]);
    expect(await readFile(join(root, `${quarantinedAs}`, "events.ndjson"))).toEqual(before);
    const [begun] = (await readFile(events, "utf8")).split("\n");
    const { previous } = JSON.parse(`${begun}`).detail;
    expect(previous).toMatchObject({
      reason: "bit rot",
      quarantinedAs,
      bytes: before.length,
      carried: { held: 2, released: 1 },
    });
    expect(withoutSeq(await expectSound(folder)), `restart ${count}`).toEqual(withoutSeq(holds));
  }
});

test("a sound ledger is left as it is", async () => {
  const { root, events } = await makeHeldArchive();
  const before = await readFile(events);
  await expect(restart(root)).rejects.toThrow(NothingToDoError);
  expect(await readFile(events)).toEqual(before);
});

test.each<[string, RegExp, (events: string) => Promise<unknown>]>([
  ["its tail is gone", /^2 of \d+ events are gone from its end/, (events) => cutLines(events, 2)],
  ["a hold was made something else", /nothing proves that events/, (events) => rewrite(events, '"Jones"', '"Janes"')],
  [
    "a line behind the head cannot be read",
    /lines that cannot be read: 2/,
    (events) => appendFile(events, '{"held"\n{}\n'),
  ],
  ["its last event is gone and its newest checkpoint cannot be read", /are gone from its end/, cutWithHead],
])("where %s, a hold may be lost: that has to be accepted", async (_, doubt, harm) => {
  const { folder, root, events } = await makeHeldArchive();
  const archive = await openTestArchive(folder);
  await archive.record([{ type: "read", subject: HELD }]);
  await archive.close();
  await harm(events);
  const before = await listTree(root);
  await expect(restart(root)).rejects.toThrow(HoldsLostError);
  expect(await listTree(root)).toEqual(before);
  const { plan } = await restart(root, { acceptLostHolds: true });
  expect(plan.old?.doubts.join("; ")).toMatch(doubt);
  await expectSound(folder);
});

test("a release that nothing proves is not taken over: whoever broke the ledger may have written it", async () => {
  const { folder, root, events } = await makeHeldArchive();
  const lines = (await readFile(events, "utf8")).trimEnd().split("\n");
  const smith = lines.findIndex((line) => line.includes('"subject":"Smith"'));
  const forged = `${lines.at(-1)}`.replace(/"seq":\d+/, `"seq":${lines.length}`).replace("Jones", "Smith");
  await appendFile(events, `${forged.replace(/"holds":\[\d+\]/, `"holds":[${smith}]`)}\nfoo\nfoo\n`);
  const { plan } = await restart(root, { acceptLostHolds: true });
  expect(plan.old?.carried).toMatchObject({ held: 2, released: 1, unproven: 1 });
  await expectSound(folder);
});

test("a ledger that another key has signed proves nothing to this user", async () => {
  const { root } = await makeHeldArchive();
  const ports = await openPorts(root, { ...TEST_CUSTODIAN, key: generateSigningKey() });
  const { old } = await planRestart(ports);
  expect(old?.doubts).toEqual(["nothing that this key has signed vouches for any of its events"]);
  const known = await planRestart({
    ...ports,
    custodian: { ...ports.custodian, previousKey: TEST_CUSTODIAN.key.publicKey },
  }).then(
    () => "restarts",
    (error: Error) => error.message,
  );
  expect(known).toContain("the ledger is sound");
});

/** Ends a restart where it is told to, as a kill would: nothing is tidied up. */
class DyingStorage extends FsStorage {
  readonly #at: "in the draft" | "before it moves" | "after it moved";

  constructor(root: string, at: DyingStorage["dies"]) {
    super(root);
    this.#at = at;
  }

  get dies() {
    return this.#at;
  }

  override async sweep(heldSinceMs: number): Promise<number> {
    if (this.#at === "in the draft") throw new Error("killed");
    return super.sweep(heldSinceMs);
  }

  override async setAside(...args: [Parameters<FsStorage["setAside"]>[0], Aside]): Promise<void> {
    if (this.#at === "after it moved") await super.setAside(...args);
    throw new Error("killed");
  }
}

test.each(["in the draft", "before it moves", "after it moved"] as const)(
  "a restart that is killed %s is gone on with, and no hold and no note of an access is lost",
  async (at) => {
    const { folder, root, ledger, holds } = await makeHeldArchive();
    await writeFile(join(ledger, "checkpoints", "junk"), "no note");
    await toInbox(root).leave("note-1", "{}");
    const ports = await openPorts(root);
    const dying = { ...ports, storage: new DyingStorage(root, at) };
    const plan = await planRestart(dying);
    await expect(runRestart(dying, plan, { reason: "x", acceptLostHolds: false })).rejects.toThrow("killed");
    await ports.catalogue.close();
    if (at === "after it moved") {
      await expect(openTestArchive(folder)).rejects.toThrow("the ledger is gone");
      await toInbox(root).leave("note-2", "{}");
    }
    const { plan: again } = await restart(root);
    expect(again.old === undefined).toBe(at === "after it moved");
    const notes = await toInbox(root).list();
    expect(notes).toEqual(at === "after it moved" ? ["note-1", "note-2"] : ["note-1"]);
    expect(withoutSeq(await expectSound(folder))).toEqual(withoutSeq(holds));
  },
);

test("what is left of a restart is no new ledger where the old one came back or was never put aside", async () => {
  const { folder, root, ledger } = await makeHeldArchive();
  await writeFile(join(ledger, "checkpoints", "junk"), "no note");
  const ports = await openPorts(root);
  const dying = { ...ports, storage: new DyingStorage(root, "in the draft") };
  const plan = await planRestart(dying);
  await expect(runRestart(dying, plan, { reason: "x", acceptLostHolds: false })).rejects.toThrow("killed");
  await ports.catalogue.close();
  await rm(ledger, { recursive: true });
  await expect(restart(root)).rejects.toThrow("no event of it is left");
  await restart(root, { acceptLostHolds: true });
  const archive = await openTestArchive(folder);
  expect([(await archive.holds()).holds, (await archive.checkLedger()).findings]).toEqual([[], []]);
});

test("a catalogue that is gone too is made anew for the new ledger", async () => {
  const { folder, root, ledger } = await makeHeldArchive();
  await writeFile(join(ledger, "checkpoints", "junk"), "no note");
  await rename(join(root, "catalogue.sqlite"), join(folder, "away"));
  await restart(root);
  await expectSound(folder);
});

async function cutLines(events: string, count: number): Promise<void> {
  const lines = (await readFile(events, "utf8")).split(/(?<=\n)/);
  await writeFile(events, lines.slice(0, -count).join(""));
}

async function rewrite(events: string, from: string, to: string): Promise<void> {
  await writeFile(events, (await readFile(events, "utf8")).replace(from, to));
}

/** What the newest checkpoint says cannot be read, and its last event is gone: only its name tells. */
async function cutWithHead(events: string): Promise<void> {
  const { length } = (await readFile(events, "utf8")).trimEnd().split("\n");
  await cutLines(events, 1);
  await writeFile(join(events, "..", "checkpoints", String(length).padStart(12, "0")), "junk");
}
