#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { CancelledError } from "../dist/cli/errors.js";
import { main } from "../dist/cli/main.js";
import { systemClock } from "../dist/core/clock.js";

const cancelling = new AbortController();
// Every download and conversion under way listens.
setMaxListeners(0, cancelling.signal);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  // Once only: a second signal finds the system's own handling, which ends the process at once.
  process.once(signal, () => cancelling.abort(new CancelledError()));
}

let reportIsLost = false;
process.stdout.on("error", (error) => {
  // A reader that went away, such as `head`, is no failure of ours; a report that cannot be written is.
  if (error.code === "EPIPE") return;
  reportIsLost = true;
  process.exitCode = 1;
  process.stderr.write(`holdfast: cannot write the result: ${error.message}\n`);
});
// Nobody is left to tell.
process.stderr.on("error", () => undefined);

const exitCode = await main({
  argv: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  cores: availableParallelism(),
  program: [process.execPath, fileURLToPath(import.meta.url)],
  signal: cancelling.signal,
});
process.exitCode = reportIsLost ? 1 : exitCode;
