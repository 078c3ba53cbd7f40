import { join } from "node:path";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";

// Opens the catalogue of the folder that it is given, writes a row and holds on until it is killed.
const folder = process.argv[2] ?? "";
const catalogue = await SqliteCatalogue.open({
  path: join(folder, "catalogue.sqlite"),
  lockPath: join(folder, "tmp", "writer.lock"),
});
const recordingId = parseRecordingId("kept");
await catalogue.put([{ recordingId, callId: "call", createdAtMs: 0, call: undefined, storedAtMs: 0, files: [] }]);
process.stdout.write("held\n");
// What nobody refers to any more is collected, and its lock with it.
setInterval(() => catalogue.traits, 60_000);
