import { describe, expect, it } from "vitest";
import { Identifier, type Identity, identify } from "../../../src/audio/identify.ts";
import { noise } from "./bytes.ts";
import { decodedSamples, encoded } from "./encoded.ts";
import { sha256 } from "./identified.ts";
import { mp3 } from "./mpeg-bytes.ts";

const G722 = encoded("a.g722", ["-c:a", "g722", "-f", "g722"]);

function byName(bytes: Uint8Array): Identity {
  const identifier = new Identifier({ headerless: "g722" });
  identifier.push(bytes.subarray(0, 1000));
  identifier.push(bytes.subarray(1000));
  return identifier.end();
}

describe("G.722", () => {
  it("is two samples a byte, all of it audio", () => {
    const { content, structure, packetSha256 } = byName(G722);
    expect(content).toEqual({ kind: "g722", format: undefined, label: "a raw G.722 recording" });
    expect(packetSha256).toBe(sha256(G722));
    expect(structure).toEqual({
      container: "g722",
      codec: "adpcm_g722",
      sampleRateHz: 16000,
      channels: 1,
      frames: G722.length,
      samples: decodedSamples(G722, "a.g722", 16000),
      samplesRateHz: 16000,
      samplesExact: true,
      durationSeconds: 2,
      declaredDurationSeconds: undefined,
      packetBytes: G722.length,
      bitrateKbps: 64,
      complete: undefined,
      defects: [],
      remarks: ["It has no header: taken for G.722 by its name."],
    });
  });

  it("is nothing without the name", async () => {
    async function* chunks() {
      yield G722;
    }
    expect(await identify(chunks())).toMatchObject({ content: { kind: "binary" }, structure: undefined });
    expect((await identify(chunks(), { headerless: "g722" })).content.kind).toBe("g722");
  });

  it.each([
    ["mp3", mp3()],
    ["json", Buffer.from("{}")],
    ["mp3", Buffer.concat([noise(500), mp3()])],
    ["empty", Buffer.alloc(0)],
  ])("is not what the bytes say is %s", (kind, bytes) => {
    expect(byName(bytes).content.kind).toBe(kind);
  });
});
