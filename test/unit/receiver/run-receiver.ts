import { systemClock } from "../../../src/core/clock.ts";
import { Secret } from "../../../src/core/secret.ts";
import { EventLog } from "../../../src/ingest/event-log.ts";
import { openReceiver } from "../../../src/receiver/receiver.ts";

// Receives into the file that it is given, with the secret that it is given, and says where, until it is killed.
const [path = "", secret = ""] = process.argv.slice(2);
const receiver = await openReceiver({
  port: 0,
  secret: new Secret(secret),
  log: await EventLog.open(path),
  clock: systemClock,
  onEvent: () => undefined,
  onFailure: (error) => {
    throw error;
  },
});
process.stdout.write(`${receiver.url}\n`);
