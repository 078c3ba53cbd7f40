import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { identified } from "./identified.ts";

const PAGE = readFileSync(new URL("../../../docs/identity.md", import.meta.url), "utf8");
const SECTION = PAGE.slice(PAGE.indexOf("## Vectors"));
const FILE_DIGESTS = [...SECTION.matchAll(/sha256 {8}([0-9a-f]{64})/g)].map((match) => match[1]);
const PACKET_DIGESTS = [...SECTION.matchAll(/packetSha256 {2}([0-9a-f]{64})/g)].map((match) => match[1]);

/** The bytes of the indented block that begins with `start`. */
function dump(start: string): Buffer {
  const block = SECTION.slice(SECTION.indexOf(start)).split("\n\n")[0] ?? "";
  return Buffer.from(block.replaceAll(/\s/g, ""), "hex");
}

const FRAME = Buffer.concat([Buffer.from("fff388c4", "hex"), Buffer.alloc(284)]);
const MP3 = Buffer.concat([Buffer.from("49443304000000000000", "hex"), FRAME, FRAME, FRAME, FRAME]);

describe("docs/identity.md", () => {
  it.each([
    ["WAV", 0, dump("52494646")],
    ["MP3", 1, MP3],
    ["Ogg Opus", 2, dump("4f676753")],
  ])("states the identity of its %s vector", (_, index, bytes) => {
    const { sha256, packetSha256, structure } = identified(bytes);
    expect({ sha256, packetSha256 }).toEqual({ sha256: FILE_DIGESTS[index], packetSha256: PACKET_DIGESTS[index] });
    expect(structure?.defects).toEqual([]);
  });
});
