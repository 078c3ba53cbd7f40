import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { generateSigningKey, type SigningKey, toOpenSshPrivateKey } from "../../src/signing/signing-key.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { seededRandom } from "./crash-rounds.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 4);
const SEED = Number(process.env["CRASH_SEED"] ?? 1);
const SCRIPT = join(import.meta.dirname, "append-and-die.ts");

function openLedger(folder: string, key: SigningKey): Promise<Ledger> {
  return Ledger.open(folder, { archiveId: "a", key, actor: "test", run: "after", clock: systemClock, create: false });
}

/** Appends in another process, and kills it some time after it has begun. */
async function appendUntilKilled(args: readonly string[], delayMs: number): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const isAtWork = new Promise<void>((resolve) => {
    child.stdout.once("data", () => resolve());
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on("close", (_, signal) => resolve(signal));
  });
  await Promise.race([isAtWork, closed]);
  await sleep(delayMs);
  child.kill("SIGKILL");
  expect([await closed, stderr]).toEqual(["SIGKILL", ""]);
}

test(`appending, killed ${ROUNDS} times (seed ${SEED}): nothing that was promised is gone, and the chain is whole`, async () => {
  const cwd = await makeTemporaryFolder();
  const [folder, keyPath, key] = [join(cwd, "ledger"), join(cwd, "key"), generateSigningKey()];
  await writeFile(keyPath, toOpenSshPrivateKey(key, "test"), { mode: 0o600 });
  const random = seededRandom(SEED);
  const promised = new Map<number, string>();
  let torn = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const promises = join(cwd, `promises-${round}`);
    await appendUntilKilled([folder, keyPath, `r${round}`, promises], random() * 150);
    for (const line of (await readFile(promises, "utf8")).split("\n").slice(0, -1)) {
      const [seq = "", subject = ""] = line.split(" ");
      expect(promised.has(Number(seq))).toBe(false);
      promised.set(Number(seq), subject);
    }
    const ledger = await openLedger(folder, key);
    if (ledger.mended !== undefined && ledger.mended.cutBytes > 0) torn += 1;
    // Every other time, the next process finds what no checkpoint covers.
    if (round % 2 === 0) await ledger.checkpoint();
    await ledger.close();
    const subjects = new Map<number, string>();
    const onEntry = ({ seq, subject }: { seq: number; subject: string }) => subjects.set(seq, subject);
    const options = { archiveId: "a", publicKey: key.publicKey, anchors: [], onEntry };
    expect((await verifyLedger(folder, options)).findings, `round ${round}`).toEqual([]);
    const gone = [...promised].filter(([seq, subject]) => subjects.get(seq) !== subject);
    expect(gone, `round ${round}`).toEqual([]);
  }
  process.stdout.write(`${promised.size} events promised, ${torn} of ${ROUNDS} kills tore a line\n`);
  expect(promised.size).toBeGreaterThan(ROUNDS);
}, 600_000);

test("a disk that is full keeps nothing of what it refused, and goes on when there is room", async ({ skip }) => {
  const disk = join(await makeTemporaryFolder(), "disk");
  await mkdir(disk);
  const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
  if (status !== 0) return skip(`no small disk can be mounted here: ${error?.message ?? stderr.toString().trim()}`);
  onTestFinished(() => {
    execFileSync("umount", [disk]);
  });
  const [folder, key] = [join(disk, "ledger"), generateSigningKey()];
  const options = { archiveId: "a", key, actor: "test", run: "r", clock: systemClock, create: true };
  const ledger = await Ledger.open(folder, options);
  const event = (index: number) =>
    ({ type: "fetched", subject: `rec_${index}`, detail: { padding: "x".repeat(9000) } }) as const;
  let kept = 0;
  const fill = async () => {
    for (; kept < 100; kept += 1) await ledger.append([event(kept)]);
  };
  await expect(fill()).rejects.toMatchObject({ code: "STORAGE_FULL" });
  expect(ledger.size).toBe(1 + kept);
  const verify = () => verifyLedger(folder, { archiveId: "a", publicKey: key.publicKey, anchors: [] });
  expect(await verify()).toMatchObject({ size: 1 + kept, findings: [] });
  await expect(ledger.append([event(kept)])).rejects.toMatchObject({ code: "STORAGE_FULL" });
  execFileSync("mount", ["-o", "remount,size=1m", disk]);
  const [entry] = await ledger.append([{ type: "verified", subject: "all" }]);
  expect(entry?.seq).toBe(1 + kept);
  await ledger.checkpoint();
  await ledger.close();
  expect(await verify()).toMatchObject({ size: 2 + kept, unsignedEvents: 0, findings: [] });
});
