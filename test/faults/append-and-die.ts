import { openSync, writeSync } from "node:fs";
import { systemClock } from "../../src/core/clock.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { loadSigningKey } from "../../src/signing/load-signing-key.ts";

// Appends to a ledger until it is killed, signs now and then, and says of each event when it was promised to be durable.
const [folder = "", keyPath = "", run = "", promises = ""] = process.argv.slice(2);
const key = await loadSigningKey(keyPath);
const ledger = await Ledger.open(folder, { archiveId: "a", key, actor: "test", run, clock: systemClock, create: true });
// A file takes every line at once, where a pipe may be full.
const promised = openSync(promises, "a");
for (let round = 0; ; round += 1) {
  const appends = Array.from({ length: 1 + ((round * 7) % 40) }, async (_, index) => {
    const detail = { padding: "x".repeat((round * 31 + index) % 3000) };
    const [entry] = await ledger.append([{ type: "fetched", subject: `${run}-${round}-${index}`, detail }]);
    writeSync(promised, `${entry?.seq} ${entry?.subject}\n`);
  });
  await Promise.all(appends);
  if (round === 0) process.stdout.write("at work\n");
  if (round % 5 === 0) await ledger.checkpoint();
}
