import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Archive } from "../../src/archive/archive.ts";
import type { Derivative } from "../../src/archive/schema.ts";
import { toSiblingKey } from "../../src/archive/sidecar.ts";
import { openArchive } from "../../src/compose.ts";
import { parseSha256 } from "../../src/core/digest.ts";
import { isHoldfastError } from "../../src/core/errors.ts";
import type { HoldCriteria } from "../../src/core/hold.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { toStorageKey } from "../../src/core/storage-key.ts";
import { planHold, runHold } from "../../src/custody/hold-add.ts";
import { planRelease, runRelease } from "../../src/custody/hold-release.ts";
import { planNotices } from "../../src/custody/notice-plan.ts";
import { runNotices } from "../../src/custody/notice-run.ts";
import { planRetain } from "../../src/custody/retain-plan.ts";
import { runRetain } from "../../src/custody/retain-run.ts";
import { FolderHealSource } from "../../src/fixity/heal/folder-heal-source.ts";
import { healFile } from "../../src/fixity/heal/heal-file.ts";
import type { Looker } from "../../src/fixity/look/look.ts";
import { copyArchive, MONTH, makeSoundArchive, readTree } from "../helpers/harm-rig.ts";
import { BY, OPERATOR } from "../helpers/heal-rig.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";
import { openTestLooker, verifyTestArchive } from "../helpers/verify-archive.ts";

const RUN = { clock: TEST_CLOCK, concurrency: 2 };
const IDS = ["rec_a", "rec_b", "rec_c"] as const;
type Id = (typeof IDS)[number];
const CASES = ["Doe", "Roe"] as const;
type Case = (typeof CASES)[number];

let folder: string;
let sound: string;
let looker: Looker;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-test-"));
  sound = await makeSoundArchive(folder);
  looker = openTestLooker();
});
afterAll(async () => {
  await looker.close();
  await rm(folder, { recursive: true });
});

/** What the world has done so far: the archive, and what a reader of the commands' documents would say is held. */
interface World {
  readonly root: string;
  archive: Archive;
  readonly held: Map<Case, Set<Id>>;
}

const SETTINGS = {
  ...({ bitrateKbps: 64, bitrateMode: "cbr", sampleRateHz: 16000, channels: 1 } as const),
  ...({ effort: "default", participant: "all" } as const),
};

/** Adds a derivative in place of any, as `convert` and its replacing do. */
async function derive({ archive }: World, id: Id, fixture: string): Promise<void> {
  const located = await archive.findCatalogued(parseRecordingId(id));
  const { structure, format, sha256: sourceSha256 } = located.sidecar.original;
  const staged = archive.stage("derivative");
  const bytes = await readFixture(fixture);
  await staged.write(Readable.from([bytes]), () => undefined);
  // A record that is not true of its file would make healing put another file in its place.
  const [sizeBytes, sha256] = [bytes.length, parseSha256(createHash("sha256").update(bytes).digest("hex"))];
  const derivative: Derivative = {
    ...{ file: `${id}.mp3-64k-16000.mp3`, sizeBytes, sha256, packetSha256: null, format, structure },
    ...{
      profile: "mp3-64k-16000",
      source: { sha256: sourceSha256, packetSha256: null },
      ffmpeg: null,
      arguments: [],
      remarks: [],
    },
    ...{ elapsedMs: 1, outputsInRun: 1, check: "structure" as const, madeAt: "2026-03-01T12:00:00.000Z" },
    settings: SETTINGS,
    tool: { name: "holdfast", version: "0" },
  };
  try {
    await archive.storeDerivatives(located, [{ staged, derivative }]);
  } finally {
    await staged.discard();
  }
}

async function reopen(world: World): Promise<void> {
  await world.archive.close();
  world.archive = await openTestArchiveAt(world.root);
}

function openTestArchiveAt(root: string): Promise<Archive> {
  return openArchive(root, { clock: TEST_CLOCK, create: false, custodian: TEST_CUSTODIAN });
}

async function hold({ archive, held }: World, name: Case, ids: readonly Id[], criteria: HoldCriteria): Promise<void> {
  await runHold({ archive }, await planHold({ archive }, { case: name, criteria, reason: "a letter came" }), RUN);
  held.set(name, new Set([...(held.get(name) ?? []), ...ids]));
}

const damageNote = (id: Id, file: string) => ({
  ...({
    reason: "damaged",
    recordingId: parseRecordingId(id),
    role: "original",
    label: "nothing",
    by: OPERATOR,
  } as const),
  ...{ key: toStorageKey(MONTH, file), quarantinedAt: "2026-03-01T12:00:00.000Z", findings: [] },
  recorded: { sizeBytes: 1, sha256: "0".repeat(64) as never },
});

/** Everything that a command does and that could take away or alter a recording. */
const COMMANDS: Readonly<Record<string, (world: World, id: Id) => Promise<unknown>>> = {
  retain: async ({ archive }) => {
    await verifyTestArchive(archive, { looker });
    const term = { kind: "older-than", ageMs: 86_400_000 } as const;
    const rules = [{ name: "soon", term, direction: undefined, listed: undefined }];
    const plan = await planRetain({ archive }, { rules, verifiedWithinMs: 1e12 }, { nowMs: TEST_CLOCK.now() });
    await runRetain({ archive }, plan, { ...RUN, removedBy: "ada" });
  },
  remove: async ({ archive }, id) => {
    const located = await archive.findCatalogued(parseRecordingId(id));
    await archive.remove(located, { removedBy: "ada", reason: "none" });
  },
  replace: async (world, id) => {
    await derive(world, id, "mp3-32k-8000.mp3");
    await derive(world, id, "opus-16k-8000.opus");
  },
  quarantine: async ({ archive }, id) => {
    const { key, sidecar } = await archive.findCatalogued(parseRecordingId(id));
    const file = toSiblingKey(key, sidecar.original.file).replace(`${MONTH}/`, "");
    await archive.quarantineDamaged(damageNote(id, file));
  },
  heal: async ({ archive }, id) => {
    const known = await archive.catalogued(parseRecordingId(id));
    for (const file of known?.files ?? []) {
      await healFile(archive, { file, findings: [] }, { ...BY, source: new FolderHealSource(sound) });
    }
  },
  "destroy the key": async ({ archive }, id) => {
    const located = await archive.findCatalogued(parseRecordingId(id));
    await archive.destroyKey(located, { destroyedBy: "ada", reason: "none" });
  },
  notice: async ({ archive }) => {
    const statement = { announcement: "played", consent: "given", ground: `ground ${Math.random()}` } as const;
    const plan = await planNotices(archive, [{ name: "all", match: {}, statement }], { nowMs: TEST_CLOCK.now() });
    await runNotices(archive, plan, RUN);
  },
  "ask to purge": ({ archive }, id) => archive.assertFree(parseRecordingId(id), "purge"),
  reindex: ({ archive }) => archive.reindex(),
  reopen: (world) => reopen(world),
  "lose the catalogue": async (world) => {
    await world.archive.close();
    for (const name of ["", "-wal", "-shm"]) await rm(join(world.root, `catalogue.sqlite${name}`), { force: true });
    world.archive = await openTestArchiveAt(world.root);
  },
  verify: ({ archive }) => verifyTestArchive(archive, { looker }),
};

type Step =
  | { readonly do: "hold"; readonly name: Case; readonly ids: readonly Id[] }
  | { readonly do: "hold a day"; readonly name: Case }
  | { readonly do: "release"; readonly name: Case }
  | { readonly do: "command"; readonly command: string; readonly id: Id };

const anyId = fc.constantFrom(...IDS);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("hold" as const),
      name: fc.constantFrom(...CASES),
      ids: fc.uniqueArray(anyId, { minLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("hold a day" as const), name: fc.constantFrom(...CASES) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), name: fc.constantFrom(...CASES) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("command" as const),
      command: fc.constantFrom(...Object.keys(COMMANDS)),
      id: anyId,
    }),
  },
);

async function take(world: World, step: Step): Promise<void> {
  const { archive } = world;
  try {
    if (step.do === "hold") {
      const recordingIds = step.ids.map((id) => parseRecordingId(id));
      await hold(world, step.name, step.ids, { kind: "named", recordingIds, callIds: [] });
    } else if (step.do === "hold a day") {
      const [sinceMs, untilMs] = [Date.parse("2024-01-15T00:00:00Z"), Date.parse("2024-01-16T00:00:00Z")];
      await hold(world, step.name, ["rec_a", "rec_b"], { kind: "matching", sinceMs, untilMs });
    } else if (step.do === "release") {
      const request = { case: step.name, reason: "settled", actor: "ada", approvals: [] };
      const policy = { releaseNeeds: 1, signers: [], nowMs: TEST_CLOCK.now() };
      await runRelease({ archive }, await planRelease({ archive }, request, policy), RUN);
      world.held.delete(step.name);
    } else await COMMANDS[step.command]?.(world, step.id);
  } catch (error) {
    // A refusal, or nothing there to do it to: what counts is what stands in the archive afterwards.
    if (!isHoldfastError(error)) throw error;
  }
}

/** The audio of recordings, by path. */
async function readAudio(root: string, ids: ReadonlySet<Id>): Promise<ReadonlyMap<string, string>> {
  const tree = await readTree(join(root, MONTH));
  const isTheirs = (path: string) => [...ids].some((id) => path.includes(`/${id}.`)) && !path.endsWith(".json");
  return new Map([...tree].filter(([path]) => isTheirs(path)));
}

test("no sequence of commands takes away or alters what is held", async () => {
  let heldSteps = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 12 }), async (steps) => {
      const root = await copyArchive(sound);
      const world: World = { root, archive: await openTestArchiveAt(root), held: new Map() };
      try {
        for (const step of steps) {
          const held = new Set([...world.held.values()].flatMap((ids) => [...ids]));
          const before = await readAudio(root, held);
          await take(world, step);
          const after = await readAudio(root, held);
          for (const [path, bytes] of before) expect(after.get(path) === bytes, `${path} after ${step.do}`).toBe(true);
          if (held.size > 0) heldSteps += 1;
        }
      } finally {
        await world.archive.close();
        await rm(root, { recursive: true });
      }
    }),
    { numRuns: Number(process.env["HELD_RUNS"] ?? 12) },
  );
  // With nothing ever held the property would say nothing.
  expect(heldSteps).toBeGreaterThan(10);
});

test("what is not held is removed by the very same commands", async () => {
  const root = await copyArchive(sound);
  const world: World = { root, archive: await openTestArchiveAt(root), held: new Map() };
  await take(world, { do: "hold", name: "Doe", ids: ["rec_a"] });
  await take(world, { do: "command", command: "retain", id: "rec_a" });
  const left = await readAudio(root, new Set(IDS));
  expect([...left.keys()]).toEqual(["15/rec_a.mp3"]);
  await world.archive.close();
});

test("damage to a held recording is mended, and what stood there is kept", async () => {
  const root = await copyArchive(sound);
  await writeFile(join(root, MONTH, "15/rec_a.mp3"), "rotten");
  const world: World = { root, archive: await openTestArchiveAt(root), held: new Map() };
  await take(world, { do: "hold", name: "Doe", ids: ["rec_a"] });
  await take(world, { do: "command", command: "heal", id: "rec_a" });
  await world.archive.close();
  expect(await readAudio(root, new Set(["rec_a"]))).toEqual(await readAudio(sound, new Set(["rec_a"])));
  const kept = [...(await readTree(join(root, "quarantine"))).values()];
  expect(kept).toContain("rotten");
});
