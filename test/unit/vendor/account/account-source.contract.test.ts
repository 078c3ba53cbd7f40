import { Secret } from "../../../../src/core/secret.ts";
import { AccountSource } from "../../../../src/vendor/account/account-source.ts";
import { describeRecordingSource } from "../../../contract/recording-source.contract.ts";
import { openAccountServer } from "./account-server.ts";

describeRecordingSource("AccountSource", async (held) => {
  const server = await openAccountServer(
    held.map(({ recordingId, callId, createdAtMs, bytes }) => ({
      id: recordingId,
      callId,
      startMs: createdAtMs,
      bytes,
    })),
  );
  const source = new AccountSource({
    baseUrl: `${server.origin}/v2`,
    apiKey: new Secret("key"),
    auth: "exchange",
    timeoutMs: 5000,
    // Without `since` the list has the last 31 days.
    clock: { now: () => Math.max(...held.map(({ createdAtMs }) => createdAtMs)) },
  });
  return {
    source,
    exchangesKey: true,
    close: async () => {
      await source.close();
      await server.close();
    },
  };
});
