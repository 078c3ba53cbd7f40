import { describe, expect, it } from "vitest";
import { noise, patched, spliced } from "./bytes.ts";
import { decodedSamples, encoded } from "./encoded.ts";
import { identified, kindsOf, sha256, structureOf } from "./identified.ts";
import {
  CONTINUED,
  FIRST,
  LAST,
  opusHead,
  opusPacket,
  opusPages,
  opusTags,
  PACKET_SAMPLES,
  page,
} from "./ogg-bytes.ts";

const PAGES = opusPages();
const OPUS = Buffer.concat(PAGES);
const SAMPLES = 100 * PACKET_SAMPLES - 100 - 312;
const PAGE_SECONDS = (5 * PACKET_SAMPLES) / 48000;

/** Replaces pages by index. */
function withPages(replace: (pages: Buffer[]) => Buffer[]): Buffer {
  return Buffer.concat(replace([...PAGES]));
}

describe("whole Opus", () => {
  it("gives the facts of a stream", () => {
    const structure = structureOf(OPUS);
    expect(structure).toMatchObject({
      container: "ogg",
      codec: "opus",
      sampleRateHz: 16000,
      channels: 1,
      frames: 100,
      samples: SAMPLES,
      samplesRateHz: 48000,
      samplesExact: true,
      durationSeconds: SAMPLES / 48000,
      declaredDurationSeconds: SAMPLES / 48000,
      complete: true,
      defects: [],
      remarks: [],
    });
    expect(structure.packetBytes).toBe(20 * (60 + 61 + 62 + 63 + 64));
  });

  it.each([
    ["20 ms", ["-b:a", "32k"], 1],
    ["60 ms in stereo", ["-frame_duration", "60", "-ac", "2"], 2],
    ["2.5 ms", ["-frame_duration", "2.5", "-application", "lowdelay"], 1],
    ["5.1 channels", ["-ac", "6", "-b:a", "128k"], 6],
  ])("counts the samples of frames of %s as ffmpeg decodes them", (_, args, channels) => {
    const bytes = encoded("a.opus", ["-c:a", "libopus", ...args]);
    const structure = structureOf(bytes);
    expect(structure).toMatchObject({ channels, sampleRateHz: 16000, complete: true, defects: [], remarks: [] });
    expect(structure.samples).toBe(decodedSamples(bytes, "a.opus", 48000));
  });

  it("takes 48000 for an input rate that is not stated", () => {
    expect(structureOf(Buffer.concat(opusPages({ rateHz: 0 }))).sampleRateHz).toBe(48000);
  });

  it("follows a packet over pages, and tags over pages", () => {
    const big = opusPacket(510 + 40, 3);
    const tags = opusTags("t".repeat(700));
    const bytes = Buffer.concat([
      page({ sequence: 0, granule: 0, flags: FIRST, packets: [opusHead()] }),
      page({ sequence: 1, granule: -1, packets: [tags.subarray(0, 510)], isOpen: true }),
      page({ sequence: 2, granule: 0, flags: CONTINUED, packets: [tags.subarray(510)] }),
      page({ sequence: 3, granule: 960, packets: [opusPacket(70, 1), big.subarray(0, 510)], isOpen: true }),
      page({ sequence: 4, granule: 2880, flags: CONTINUED | LAST, packets: [big.subarray(510), opusPacket(255, 2)] }),
    ]);
    expect(structureOf(bytes)).toMatchObject({ frames: 3, samples: 2880 - 312, complete: true, defects: [] });
    expect(identified(bytes).packetSha256).toBe(sha256(Buffer.concat([opusPacket(70, 1), big, opusPacket(255, 2)])));
  });

  it("adds up the links of a chain", () => {
    const other = opusPages({ serial: 9, pages: 3, trimSamples: 0 });
    const structure = structureOf(Buffer.concat([...PAGES, ...other]));
    expect(structure).toMatchObject({ frames: 115, complete: true, defects: [], links: 2 });
    expect(structure.samples).toBe(SAMPLES + 15 * PACKET_SAMPLES - 312);
    expect(structure.remarks).toHaveLength(1);
  });

  it("skips another stream that is interleaved", () => {
    const other = (sequence: number, flags: number) =>
      page({ serial: 99, sequence, granule: sequence, flags, packets: [noise(50)] });
    const [head, tags, ...audio] = PAGES;
    const pages = [head, other(0, FIRST), tags, ...audio.flatMap((one, index) => [other(index + 1, 0), one])];
    const bytes = Buffer.concat(pages.filter((one) => one !== undefined));
    expect(structureOf(bytes)).toMatchObject({ frames: 100, complete: true, defects: [] });
    expect(identified(bytes).packetSha256).toBe(identified(OPUS).packetSha256);
    expect(structureOf(bytes).remarks).toHaveLength(1);
  });

  it("takes timestamps that jump with no page missing for a pause in the transmission", () => {
    const bytes = withPages((pages) => {
      const later = page({ sequence: 21, granule: 500_000, flags: LAST, packets: [opusPacket(60, 5)] });
      return [...pages.slice(0, 21), later];
    });
    expect(structureOf(bytes)).toMatchObject({
      complete: true,
      defects: [],
      remarks: [expect.stringContaining("jump")],
    });
  });

  it("forgives padding behind the end", () => {
    expect(structureOf(Buffer.concat([OPUS, Buffer.alloc(512)]))).toMatchObject({ complete: true, defects: [] });
  });
});

describe("damaged Opus", () => {
  it("is truncated at every percent", () => {
    for (let percent = 2; percent < 100; percent += 1) {
      const { structure, content } = identified(OPUS.subarray(0, Math.floor((OPUS.length * percent) / 100)));
      expect(content.kind).toBe("opus");
      expect(structure?.complete).toBe(false);
      expect(structure?.defects[0]?.kind).toBe("truncated");
    }
  });

  it("is truncated between two pages, where only the end mark is missing", () => {
    const structure = structureOf(withPages((pages) => pages.slice(0, 12)));
    const atSeconds = (50 * PACKET_SAMPLES - 312) / 48000;
    expect(structure.defects).toMatchObject([{ kind: "truncated", atSeconds }]);
    expect(structure.declaredDurationSeconds).toBeUndefined();
  });

  it("is found by the page checksum whichever bit is flipped", () => {
    // In the last page a flipped length cannot be told from a cut.
    const lastAt = OPUS.length - (PAGES.at(-1)?.length ?? 0);
    for (let at = 0; at < OPUS.length; at += 37) {
      const flipped = patched(OPUS, at, Buffer.from([(OPUS[at] ?? 0) ^ (1 << (at % 8))]));
      const { structure, content } = identified(flipped);
      if (content.kind !== "opus") continue;
      expect(structure?.complete).toBe(false);
      expect(at < lastAt ? ["corrupt-frames"] : ["corrupt-frames", "truncated"]).toContain(structure?.defects[0]?.kind);
    }
  });

  it("says where a damaged page is and what it took away", () => {
    const offset = Buffer.concat(PAGES.slice(0, 8)).length;
    const structure = structureOf(patched(OPUS, offset + 100, noise(8)));
    const atSeconds = (6 * 5 * PACKET_SAMPLES - 312) / 48000;
    expect(structure.defects).toMatchObject([
      { kind: "corrupt-frames", byteOffset: offset, atSeconds, found: PAGES[8]?.length },
    ]);
    expect(structure.defects[0]?.lostSeconds).toBeCloseTo(PAGE_SECONDS, 9);
    expect(structure.frames).toBe(95);
  });

  it("finds pages that were removed, doubled or swapped", () => {
    const removed = structureOf(withPages((pages) => pages.toSpliced(6, 3)));
    expect(removed.defects).toMatchObject([{ kind: "corrupt-frames" }]);
    expect(removed.defects[0]?.lostSeconds).toBeCloseTo(3 * PAGE_SECONDS, 9);
    expect(kindsOf(withPages((pages) => pages.toSpliced(6, 0, ...pages.slice(4, 6))))).toEqual(["corrupt-frames"]);
    expect(kindsOf(withPages((pages) => pages.toSpliced(6, 2, ...pages.slice(6, 8).reverse())))).toContain(
      "corrupt-frames",
    );
  });

  it("counts no packet whose begin or end is on a missing page", () => {
    const big = opusPacket(255 * 5, 3);
    const part = (from: number, to: number) => [big.subarray(from * 255, to * 255)];
    const [head, tags] = PAGES;
    const bytes = Buffer.concat([
      ...[head, tags].filter((one) => one !== undefined),
      page({ sequence: 2, granule: 960, packets: [opusPacket(70, 1), ...part(0, 2)], isOpen: true }),
      page({ sequence: 4, granule: 2880, flags: CONTINUED | LAST, packets: [...part(4, 5), opusPacket(70, 2)] }),
    ]);
    expect(structureOf(bytes)).toMatchObject({ frames: 2, defects: [{ kind: "corrupt-frames", lostSeconds: 0.02 }] });
  });

  it("finds blocks that were removed or zeroed without regard to pages", () => {
    expect(kindsOf(spliced(OPUS, 2000, { remove: 1024 }))).toEqual(["corrupt-frames"]);
    expect(kindsOf(patched(OPUS, 2000, Buffer.alloc(1024)))).toEqual(["corrupt-frames"]);
    expect(kindsOf(patched(OPUS, OPUS.length - 700, Buffer.alloc(700)))).toEqual(["corrupt-frames"]);
  });

  it("loses nothing by junk between pages", () => {
    const offset = Buffer.concat(PAGES.slice(0, 8)).length;
    const structure = structureOf(spliced(OPUS, offset, { insert: noise(300) }));
    expect(structure).toMatchObject({ frames: 100, defects: [{ byteOffset: offset, found: 300, lostSeconds: 0 }] });
  });

  it("calls what follows the end trailing data", () => {
    const structure = structureOf(Buffer.concat([OPUS, noise(300)]));
    expect(structure).toMatchObject({ complete: true, defects: [{ kind: "trailing-data", byteOffset: OPUS.length }] });
  });

  it("still walks a stream whose header page is damaged", () => {
    const structure = structureOf(patched(OPUS, 40, noise(4)));
    expect(structure).toMatchObject({
      frames: 100,
      complete: false,
      defects: [{ kind: "corrupt-frames", byteOffset: 0 }],
    });
  });

  it("holds no audio when only headers are there", () => {
    expect(kindsOf(withPages((pages) => pages.slice(0, 2)))).toEqual(["truncated", "no-audio"]);
  });

  it("says that a link in the middle of a chain is cut", () => {
    const structure = structureOf(Buffer.concat([...PAGES.slice(0, 12), ...opusPages({ serial: 9 })]));
    expect(structure.defects).toMatchObject([{ kind: "truncated" }]);
  });

  it.each([
    ["a header in every 300 bytes", Buffer.concat([OPUS, ...Array.from({ length: 4000 }, () => hungryHeader())])],
    ["nothing but capture patterns", Buffer.concat([PAGES[0] ?? noise(1), Buffer.from("OggS".repeat(50_000))])],
    ["pages without segments", Buffer.concat([...PAGES.slice(0, 3), ...emptyPages(2000)])],
    ["packets that no decoder takes", Buffer.concat([...PAGES.slice(0, 2), unplayable()])],
  ])("with %s neither hangs nor throws", (_, bytes) => {
    expect(Number.isFinite(structureOf(bytes).durationSeconds)).toBe(true);
  });
});

/** A page header that claims 64 KiB behind it. */
function hungryHeader(): Buffer {
  return Buffer.concat([Buffer.from("OggS\0\0", "latin1"), Buffer.alloc(20), Buffer.alloc(256, 0xff)]);
}

function emptyPages(count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => page({ sequence: index + 3, granule: -1, packets: [] }));
}

function unplayable(): Buffer {
  return page({ sequence: 2, granule: 0, flags: LAST, packets: [Buffer.alloc(0), Buffer.from([0xff, 0x3f])] });
}
